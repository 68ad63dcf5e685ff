import { webhooksText } from '../../../messages/server/webhooks';
import {
	createdWebhookSchema,
	ProblemError,
	webhookInputSchema,
	webhookSchema,
	type CreatedWebhook,
	type Identity,
	type Webhook,
	type WebhookInput
} from '../../../protocol';
import { migrate } from '../../db/migrations';
import { rows, sql, type Sql, type SqlRow } from '../../db/sql';

/** The most webhooks, so that one approval does not set off a flood of requests. */
const MOST_WEBHOOKS = 20;

const SELECT = sql`SELECT w.*,
	(SELECT count(*) FROM sb_notifications n WHERE n.webhook = w.id AND n.state IN ('queued', 'sending')) AS sending,
	(SELECT count(*) FROM sb_notifications n WHERE n.webhook = w.id AND n.state = 'delivered') AS delivered,
	(SELECT count(*) FROM sb_notifications n WHERE n.webhook = w.id AND n.state = 'failed') AS failed,
	(SELECT error FROM sb_notifications n WHERE n.webhook = w.id AND error IS NOT NULL
		ORDER BY n.id DESC LIMIT 1) AS last_error
	FROM sb_webhooks AS w`;

/** The addresses that are notified of approvals. */
export class Webhooks {
	readonly #sql: Sql;

	constructor(db: Sql) {
		this.#sql = db;
	}

	migrate(): void {
		migrate(this.#sql, 'sb_webhooks', [
			`CREATE TABLE IF NOT EXISTS sb_webhooks (
				id TEXT PRIMARY KEY, webhook TEXT NOT NULL, secret TEXT NOT NULL,
				created_by TEXT NOT NULL, created_at INTEGER NOT NULL
			) WITHOUT ROWID`
		]);
	}

	list(): Webhook[] {
		return rows(this.#sql, sql`${SELECT} ORDER BY w.created_at, w.id`).map(webhookOf);
	}

	get(id: string): Webhook | null {
		return rows(this.#sql, sql`${SELECT} WHERE w.id = ${id}`).map(webhookOf)[0] ?? null;
	}

	/** What its messages are signed with; null when there is no such webhook. */
	secretOf(id: string): string | null {
		const [row] = rows(this.#sql, sql`SELECT secret FROM sb_webhooks WHERE id = ${id}`);
		return row ? String(row['secret']) : null;
	}

	/** @throws ProblemError `wrong-state` when there are too many */
	create(input: WebhookInput, by: Identity, now: number): CreatedWebhook {
		if (this.list().length >= MOST_WEBHOOKS) {
			throw new ProblemError('wrong-state', webhooksText.tooMany(MOST_WEBHOOKS));
		}
		const { secret = `${crypto.randomUUID()}${crypto.randomUUID()}`.replaceAll('-', ''), ...rest } =
			input;
		const id = `wh_${crypto.randomUUID().replaceAll('-', '').slice(0, 20)}`;
		this.#sql.exec(
			'INSERT INTO sb_webhooks VALUES (?, ?, ?, ?, ?)',
			id,
			JSON.stringify(rest),
			secret,
			by.name,
			now
		);
		return createdWebhookSchema.parse({ ...this.#existing(id), secret });
	}

	/** What is queued for it is not sent any more. @throws ProblemError `not-found` */
	delete(id: string): void {
		this.#existing(id);
		this.#sql.exec('DELETE FROM sb_webhooks WHERE id = ?', id);
		this.#sql.exec('DELETE FROM sb_notifications WHERE webhook = ?', id);
	}

	#existing(id: string): Webhook {
		const webhook = this.get(id);
		if (!webhook) throw new ProblemError('not-found', webhooksText.unknown(id));
		return webhook;
	}
}

function webhookOf(row: SqlRow): Webhook {
	const kept = webhookInputSchema.parse(JSON.parse(String(row['webhook'])));
	return webhookSchema.parse({
		...kept,
		id: row['id'],
		base: kept.base ?? null,
		createdBy: row['created_by'],
		createdAt: row['created_at'],
		sending: row['sending'],
		delivered: row['delivered'],
		failed: row['failed'],
		lastError: row['last_error'] ?? null
	});
}
