// A request with an idempotency key is carried out once. Whoever repeats it, because the answer was
// lost or a button was pressed twice, gets the first answer.
import { createHash } from 'node:crypto';
import { problem, type Answer, type Json, type OperationName } from '../../../protocol';
import { requestsText } from '../../../messages/server/requests';
import { migrate } from '../../db/migrations';
import type { Sql } from '../../db/sql';

/** How long an answer is kept, Ms. */
export const IDEMPOTENCY_MS = 24 * 60 * 60 * 1_000;
/** So many answers are kept at most: the oldest go first. */
const MOST_KEPT = 20_000;
/** A longer answer is not kept, characters. */
const MOST_ANSWER = 500_000;

/** What can be carried out again when it is not known whether it was: it has no second effect. */
const REPEATABLE: ReadonlySet<OperationName> = new Set<OperationName>([
	'run.start', // the id of its run follows from the key
	'run.pause',
	'run.resume',
	'run.terminate',
	'run.delete',
	'approval.decide',
	'approval.claim',
	'approval.release',
	'approval.hand-over'
]);

/** A request with a key; `subject` is who asks. */
export type KeyedRequest = { subject: string; key: string; name: OperationName; input: object };

type Row = { fingerprint: string; state: string; answer: string | null };

/** Owns the table `sb_idempotency`. */
export class IdempotentRequests {
	readonly #sql: Sql;
	/** Requests that are being carried out now. */
	readonly #running = new Map<string, Promise<Answer<unknown>>>();

	constructor(sql: Sql) {
		this.#sql = sql;
	}

	migrate(): void {
		migrate(this.#sql, 'sb_idempotency', [
			[
				`CREATE TABLE IF NOT EXISTS sb_idempotency (
					subject TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, at INTEGER NOT NULL,
					state TEXT NOT NULL, answer TEXT, PRIMARY KEY (subject, key)
				) WITHOUT ROWID`,
				'CREATE INDEX IF NOT EXISTS sb_idempotency_at ON sb_idempotency (at)'
			]
		]);
	}

	/** Carries a request out, or answers with what the first one with this key was answered. */
	async once(
		request: KeyedRequest,
		now: number,
		carryOut: () => Promise<Answer<unknown>>
	): Promise<Answer<unknown>> {
		this.#removeOld(now);
		const fingerprint = fingerprintOf(request);
		const { subject, key, name } = request;
		const first = this.#find(subject, key);
		if (first && first.fingerprint !== fingerprint) {
			return refused('idempotency-key-reused', requestsText.keyReused(key));
		}
		const id = JSON.stringify([subject, key]);
		const running = this.#running.get(id);
		if (running) return running;
		if (first?.state === 'done') {
			// Written by ourselves, below.
			if (first.answer !== null) return JSON.parse(first.answer) as Answer<unknown>;
			return refused('outcome-unknown', requestsText.answerNotKept);
		}
		if (first && !REPEATABLE.has(name)) {
			return refused('outcome-unknown', requestsText.firstInterrupted);
		}
		this.#sql.exec(
			'INSERT OR IGNORE INTO sb_idempotency VALUES (?, ?, ?, ?, ?, NULL)',
			...[subject, key, fingerprint, now, 'begun']
		);
		const work = carryOut().then((answered) => this.#keep(subject, key, answered));
		this.#running.set(id, work);
		try {
			return await work;
		} finally {
			this.#running.delete(id);
		}
	}

	#find(subject: string, key: string): Row | undefined {
		const [row] = this.#sql
			.exec('SELECT * FROM sb_idempotency WHERE subject = ? AND key = ?', subject, key)
			.toArray();
		if (!row) return undefined;
		const answer = row['answer'] === null ? null : String(row['answer']);
		return { fingerprint: String(row['fingerprint']), state: String(row['state']), answer };
	}

	/** A refusal changed nothing, so the request can be made again; a failure leaves it open. */
	#keep(subject: string, key: string, answered: Answer<unknown>): Answer<unknown> {
		if (answered.ok) {
			const text = JSON.stringify(answered);
			this.#sql.exec(
				`UPDATE sb_idempotency SET state = 'done', answer = ? WHERE subject = ? AND key = ?`,
				text.length > MOST_ANSWER ? null : text,
				subject,
				key
			);
		} else if (answered.problem.status < 500) {
			this.#sql.exec('DELETE FROM sb_idempotency WHERE subject = ? AND key = ?', subject, key);
		}
		return answered;
	}

	#removeOld(now: number): void {
		this.#sql.exec('DELETE FROM sb_idempotency WHERE at <= ?', now - IDEMPOTENCY_MS);
		this.#sql.exec(
			`DELETE FROM sb_idempotency WHERE at <=
				(SELECT at FROM sb_idempotency ORDER BY at DESC LIMIT 1 OFFSET ?)`,
			MOST_KEPT
		);
	}
}

/** The id of a run that is started with a key: whoever repeats the request asks for the same run. */
export function runIdOf(request: KeyedRequest): string {
	return sha256(JSON.stringify([request.subject, request.key, fingerprintOf(request)])).slice(
		0,
		32
	);
}

function refused(kind: 'idempotency-key-reused' | 'outcome-unknown', detail: string) {
	return { ok: false as const, problem: problem(kind, detail) };
}

function fingerprintOf({ name, input }: KeyedRequest): string {
	return sha256(JSON.stringify([name, sorted(input)]));
}

/** With the members of objects in one order, however they were sent. */
function sorted(value: unknown): Json {
	if (Array.isArray(value)) return value.map(sorted);
	if (typeof value !== 'object' || value === null) return value as Json; // of a JSON input
	const entries = Object.entries(value).filter(([, member]) => member !== undefined);
	return Object.fromEntries(
		entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, sorted(member)])
	);
}

function sha256(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}
