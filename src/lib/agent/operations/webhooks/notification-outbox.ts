// The outbox of notifications, written in the transaction that stores the change. A run of the NOTIFY
// workflow sends each one and retries by itself, so a webhook that does not respond delays only its
// own run.
import type { Approval, WebhookEvent, WebhookMessage } from '../../../protocol';
import { migrate } from '../../db/migrations';
import type { ApprovalIndex } from '../approvals/approval-index';
import type { Links } from './links';
import { bodyOf, eventsBetween, happenedAt } from './notification-message';
import { hmacHex } from './signing';
import { rows, sql, type Sql, type SqlRow } from '../../db/sql';
import type { Webhooks } from './webhooks';

/** How many runs are started in one go. */
const BATCH = 50;
/** So long it is remembered what was sent, Ms. */
const KEPT_MS = 30 * 86_400_000;

/** A notification for which no run was started yet. */
export type Queued = { id: number; approval: string; event: string; webhook: string };

export class Notifications {
	readonly #sql: Sql;
	#hasNew = false;
	readonly #parts: { webhooks: Webhooks; approvals: ApprovalIndex; links: Links };

	constructor(db: Sql, parts: { webhooks: Webhooks; approvals: ApprovalIndex; links: Links }) {
		this.#sql = db;
		this.#parts = parts;
	}

	migrate(): void {
		migrate(this.#sql, 'sb_notifications', [
			[
				`CREATE TABLE IF NOT EXISTS sb_notifications (
					id INTEGER PRIMARY KEY AUTOINCREMENT, webhook TEXT NOT NULL, approval TEXT NOT NULL,
					event TEXT NOT NULL, state TEXT NOT NULL, error TEXT, at INTEGER NOT NULL,
					UNIQUE (webhook, approval, event)
				)`,
				'CREATE INDEX IF NOT EXISTS sb_notifications_state ON sb_notifications (state)'
			]
		]);
	}

	/**
	 * Queues notifications of a change. Each webhook gets each event of an approval once, and none that
	 * is older than the webhook.
	 */
	follow(before: Approval | null, after: Approval, now: number): void {
		const events = eventsBetween(before, after);
		if (events.length === 0) return;
		for (const webhook of this.#parts.webhooks.list()) {
			if (webhook.workflow !== null && webhook.workflow !== after.workflow) continue;
			if (!webhook.severity.includes(after.severity)) continue;
			for (const event of events) {
				if (!webhook.events.includes(event)) continue;
				if (happenedAt(event, after) < webhook.createdAt) continue;
				this.#sql.exec(
					`INSERT OR IGNORE INTO sb_notifications (webhook, approval, event, state, at)
					VALUES (?, ?, ?, 'queued', ?)`,
					webhook.id,
					after.id,
					event,
					now
				);
				this.#hasNew = true;
			}
		}
	}

	/** Was anything queued since this was asked last? */
	takeNew(): boolean {
		const hasNew = this.#hasNew;
		this.#hasNew = false;
		return hasNew;
	}

	/** Those for which no run was started yet. */
	queued(): Queued[] {
		return rows(
			this.#sql,
			sql`SELECT * FROM sb_notifications WHERE state = 'queued' ORDER BY id LIMIT ${BATCH}`
		).map((row) => ({
			id: Number(row['id']),
			approval: String(row['approval']),
			event: String(row['event']),
			webhook: String(row['webhook'])
		}));
	}

	/** Its run was started, and sees to the rest. */
	started(id: number): void {
		this.#sql.exec(
			`UPDATE sb_notifications SET state = 'sending' WHERE id = ? AND state = 'queued'`,
			id
		);
	}

	/** It arrived, or was given up: then with the reason. */
	ended(id: number, error: string | null, now: number): void {
		this.#sql.exec(
			'UPDATE sb_notifications SET state = ?, error = ? WHERE id = ?',
			error === null ? 'delivered' : 'failed',
			error?.slice(0, 500) ?? null,
			id
		);
		this.#sql.exec(
			`DELETE FROM sb_notifications WHERE state IN ('delivered', 'failed') AND at < ?`,
			now - KEPT_MS
		);
	}

	/** What is to be sent now, signed now; null when the webhook or the approval is gone. */
	async message(id: number, now: number): Promise<WebhookMessage | null> {
		const [row] = rows(this.#sql, sql`SELECT * FROM sb_notifications WHERE id = ${id}`);
		return row ? this.#compose(row, now) : null;
	}

	async #compose(row: SqlRow, now: number): Promise<WebhookMessage | null> {
		const { webhooks, approvals, links } = this.#parts;
		const webhook = webhooks.get(String(row['webhook']));
		const secret = webhooks.secretOf(String(row['webhook']));
		const approval = approvals.get(String(row['approval']));
		if (!webhook || secret === null || !approval) return null;
		const link = webhook.base === null ? null : await links.make(webhook.base, approval.id, now);
		const event = row['event'] as WebhookEvent; // our own writing
		const body = bodyOf(webhook.format, event, approval, link);
		const timestamp = Math.floor(now / 1000);
		return {
			url: webhook.url,
			body,
			headers: {
				'content-type': 'application/json',
				'user-agent': 'Signalbox',
				'x-signalbox-event': event,
				'x-signalbox-delivery': String(row['id']),
				'x-signalbox-timestamp': String(timestamp),
				'x-signalbox-signature': `sha256=${await hmacHex(secret, `${timestamp}.${body}`)}`
			}
		};
	}
}
