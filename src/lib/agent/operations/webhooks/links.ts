// Links that lead to one approval: signed, good for a week and for one person. Whoever follows one
// has to sign in like everybody; the link decides nothing, it only finds the page.
import { webhooksText } from '../../../messages/server/webhooks';
import { ProblemError, type Identity } from '../../../protocol';
import { migrate } from '../../db/migrations';
import { equalInTime, hmacHex } from './signing';
import { rows, sql, type Sql } from '../../db/sql';

/** How long a link is valid, Ms. */
const GOOD_MS = 7 * 86_400_000;
const TOKEN = /^(ap_[A-Za-z0-9_-]{6,64})~(\d{13})~([0-9a-f]{32})~([0-9a-f]{64})$/;

export class Links {
	readonly #sql: Sql;

	constructor(db: Sql) {
		this.#sql = db;
	}

	migrate(): void {
		migrate(this.#sql, 'sb_links', [
			[
				`CREATE TABLE IF NOT EXISTS sb_link_key (
					one INTEGER PRIMARY KEY CHECK (one = 1), secret TEXT NOT NULL
				)`,
				`CREATE TABLE IF NOT EXISTS sb_links_used (
					nonce TEXT PRIMARY KEY, by TEXT NOT NULL, at INTEGER NOT NULL, expires INTEGER NOT NULL
				) WITHOUT ROWID`
			],
			'ALTER TABLE sb_links_used ADD COLUMN subject TEXT'
		]);
		this.#sql.exec(
			'INSERT OR IGNORE INTO sb_link_key VALUES (1, ?)',
			`${crypto.randomUUID()}${crypto.randomUUID()}`
		);
	}

	/** The address that leads to an approval, once. */
	async make(base: string, approval: string, now: number): Promise<string> {
		const nonce = crypto.randomUUID().replaceAll('-', '');
		const said = `${approval}~${now + GOOD_MS}~${nonce}`;
		const signature = await hmacHex(this.#secret(), said);
		return new URL(`/api/v1/links/${said}~${signature}`, base).href;
	}

	/**
	 * Opens a link and returns the approval that it leads to. From then on it is good for this person
	 * only, who may open it again: a browser that prefetches a link opens it twice.
	 * @throws ProblemError `not-found` for one that is not ours or leads to what this person does not
	 * see, `link-expired`, `link-used`
	 */
	async use(
		token: string,
		by: Identity,
		{ now, isSeen }: { now: number; isSeen: (approval: string) => boolean }
	): Promise<string> {
		const [, approval = '', expires = '', nonce = '', signature = ''] = TOKEN.exec(token) ?? [];
		const expected = await hmacHex(this.#secret(), `${approval}~${expires}~${nonce}`);
		if (!approval || !equalInTime(signature, expected) || !isSeen(approval)) {
			throw new ProblemError('not-found', webhooksText.invalidLink);
		}
		if (Number(expires) <= now) {
			const detail = webhooksText.linkExpired(new Date(Number(expires)).toISOString());
			throw new ProblemError('link-expired', detail, { approval });
		}
		this.#sql.exec('DELETE FROM sb_links_used WHERE expires <= ?', now);
		const [used] = rows(
			this.#sql,
			sql`SELECT by, at, subject FROM sb_links_used WHERE nonce = ${nonce}`
		);
		if (used && used['subject'] !== by.subject) {
			const at = new Date(Number(used['at'])).toISOString();
			const detail = webhooksText.linkUsed(String(used['by']), at);
			throw new ProblemError('link-used', detail, { approval });
		}
		this.#sql.exec(
			`INSERT OR IGNORE INTO sb_links_used (nonce, by, at, expires, subject)
			VALUES (?, ?, ?, ?, ?)`,
			nonce,
			by.name,
			now,
			Number(expires),
			by.subject
		);
		return approval;
	}

	#secret(): string {
		const [row] = rows(this.#sql, sql`SELECT secret FROM sb_link_key`);
		return String(row?.['secret']);
	}
}
