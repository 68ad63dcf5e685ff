// One approval for each open wait of a run that asks for a person. It is found from the engine's
// own events, so a plain `waitForApproval` needs nothing of ours. What is done to it is judged and
// written in one transaction; what was decided but not delivered survives a crash.
import {
	approvalSchema,
	isApprovalWait,
	isHeld,
	ProblemError,
	type Approval,
	type ApprovalRecord,
	type ApprovalStatus,
	type RunEvent,
	type RunFacts,
	type RunHistory,
	type RunRef
} from '../../../protocol';
import { migrate } from '../../db/migrations';
import { advanced, nextDueAt, type Happening } from './approval-deadlines';
import { GateStore } from './gate-store';
import { newApproval, type ApprovalWait } from './new-approval';
import type { Outbox } from '../store/outbox';
import type { Delivery, StoredApproval } from './stored-approval';

type Row = { approval: string; wait: string; delivery: string; version: number };

/** Notes for the audit what time did to an approval. */
export type NoteHappening = (happening: Happening, approval: Approval) => void;

export class ApprovalStore {
	readonly #storage: DurableObjectStorage;
	readonly #outbox: Pick<Outbox, 'mark' | 'unmark'>;
	readonly #noteHappening: NoteHappening;
	readonly gates: GateStore;

	constructor(
		storage: DurableObjectStorage,
		outbox: Pick<Outbox, 'mark' | 'unmark'>,
		noteHappening: NoteHappening = () => undefined
	) {
		this.#storage = storage;
		this.#outbox = outbox;
		this.#noteHappening = noteHappening;
		this.gates = new GateStore(storage.sql);
	}

	get #sql(): SqlStorage {
		return this.#storage.sql;
	}

	migrate(): void {
		migrate(this.#sql, 'monitor_approvals', [
			`
			CREATE TABLE IF NOT EXISTS monitor_approvals (
				id TEXT PRIMARY KEY, workflow TEXT NOT NULL, run_id TEXT NOT NULL,
				generation INTEGER NOT NULL, wait TEXT NOT NULL, status TEXT NOT NULL,
				delivery TEXT NOT NULL, approval TEXT NOT NULL, version INTEGER NOT NULL,
				UNIQUE (workflow, run_id, generation, wait)
			);
			CREATE INDEX IF NOT EXISTS monitor_approvals_delivery ON monitor_approvals (delivery)
				WHERE delivery IN ('taken', 'sending');
		`,
			`
			CREATE TABLE IF NOT EXISTS monitor_approval_due (
				id TEXT PRIMARY KEY, at INTEGER NOT NULL
			) WITHOUT ROWID;
			CREATE INDEX IF NOT EXISTS monitor_approval_due_at ON monitor_approval_due (at);
		`
		]);
		this.gates.migrate();
	}

	get(id: string): StoredApproval | null {
		return this.#read('id = ?', id)[0] ?? null;
	}

	/** The approval as it goes to the index. */
	record(id: string): ApprovalRecord | null {
		const row = this.#sql
			.exec<Row>('SELECT * FROM monitor_approvals WHERE id = ?', id)
			.toArray()[0];
		return row
			? { approval: approvalSchema.parse(JSON.parse(row.approval)), version: row.version }
			: null;
	}

	/** Every approval and its version. */
	all(): { id: string; version: number }[] {
		return this.#sql
			.exec<{ id: string; version: number }>('SELECT id, version FROM monitor_approvals')
			.toArray();
	}

	/** The approvals of one run, all generations, oldest first. */
	of({ workflow, id }: RunRef): StoredApproval[] {
		return this.#read('workflow = ? AND run_id = ? ORDER BY generation, rowid', workflow, id);
	}

	/** Decisions that are not known to have reached the engine. */
	undelivered(): StoredApproval[] {
		return this.#read(`delivery IN ('taken', 'sending')`);
	}

	/**
	 * Follows new events of a run. To be called in the transaction that stores them.
	 * @param facts The run's facts, for the context that a decision needs.
	 */
	follow(facts: RunFacts, events: RunEvent[], after: RunHistory): void {
		for (const event of events) {
			if (event.type === 'wait_started' && 'stepName' in event && 'eventType' in event) {
				const wait = {
					name: String(event.stepName),
					eventType: String(event.eventType),
					at: event.timestamp
				};
				if (isApprovalWait(wait)) this.#request(facts, wait);
			} else if (event.type === 'wait_completed' && 'stepName' in event) {
				// Nobody decided here: the event came from outside, and what it said is not known.
				this.#settle(facts, 'approved', String(event.stepName));
			} else if (event.type === 'wait_timed_out' && 'stepName' in event) {
				this.#settle(facts, 'expired', String(event.stepName));
			}
		}
		if (after.end) this.cancel(facts);
	}

	/** Marks what still waits in this generation as cancelled: its run ended otherwise. */
	cancel(facts: RunFacts): void {
		this.#settle(facts, 'cancelled');
	}

	/**
	 * Changes an approval in one transaction, after what time has done to it by then; that stays,
	 * also when `change` throws.
	 * @throws ProblemError `unknown-approval`, and what `change` throws
	 */
	change(
		id: string,
		now: number,
		change: (stored: StoredApproval) => StoredApproval
	): StoredApproval {
		this.advance(id, now);
		this.#storage.transactionSync(() => this.#write(change(this.#existing(id))));
		return this.advance(id, now);
	}

	/** Does what time asks for by `now`. @throws ProblemError `unknown-approval` */
	advance(id: string, now: number): StoredApproval {
		return this.#storage.transactionSync(() => {
			const before = this.#existing(id);
			const { stored, happened } = advanced(before, now);
			if (happened.length === 0) return before;
			this.#write(stored);
			for (const happening of happened) this.#noteHappening(happening, stored.approval);
			return stored;
		});
	}

	/** Does what time asks for by `now`, for all of them. Answers with how many there were. */
	advanceDue(now: number): number {
		const due = this.#sql
			.exec<{ id: string }>('SELECT id FROM monitor_approval_due WHERE at <= ? ORDER BY at', now)
			.toArray();
		for (const { id } of due) this.advance(id, now);
		return due.length;
	}

	/** When time does something to one of them next, Ms; null for never. */
	nextDueAt(): number | null {
		return (
			this.#sql.exec<{ at: number | null }>('SELECT min(at) AS at FROM monitor_approval_due').one()
				.at ?? null
		);
	}

	/** Notes how far the delivery of a decision has come. */
	deliver(id: string, delivery: Delivery): void {
		this.#sql.exec('UPDATE monitor_approvals SET delivery = ? WHERE id = ?', delivery, id);
	}

	/** Forgets the approvals of a run here; the index keeps what was decided in its audit. */
	forget(ref: RunRef): void {
		for (const { approval } of this.of(ref)) {
			this.#outbox.unmark('approval', approval.id);
			this.#sql.exec('DELETE FROM monitor_approval_due WHERE id = ?', approval.id);
		}
		this.gates.forget(ref);
		this.#sql.exec(
			'DELETE FROM monitor_approvals WHERE workflow = ? AND run_id = ?',
			ref.workflow,
			ref.id
		);
	}

	#existing(id: string): StoredApproval {
		const stored = this.get(id);
		if (stored) return stored;
		throw new ProblemError('unknown-approval', `There is no approval ${id}.`);
	}

	#request(facts: RunFacts, wait: ApprovalWait): void {
		const { workflow, id } = facts.ref;
		const known = this.#read(
			'workflow = ? AND run_id = ? AND generation = ? AND wait = ?',
			workflow,
			id,
			facts.generation,
			wait.name
		);
		if (known.length > 0) return;
		const approval = newApproval(facts, wait, this.gates.get(wait.eventType));
		this.#write({ approval, wait: wait.name, delivery: 'none' });
	}

	/** The wait is over, or its run: what is open, or decided and held back, has an end now. */
	#settle({ ref, generation }: RunFacts, status: ApprovalStatus, wait?: string): void {
		const open = this.#read(
			`workflow = ? AND run_id = ? AND generation = ? AND (status = 'pending' OR delivery = 'held')`,
			ref.workflow,
			ref.id,
			generation
		);
		for (const stored of open) {
			if (wait !== undefined && stored.wait !== wait) continue;
			const { approval } = stored;
			// An event that came before ours opened the gate: the decision stands, too late to tell.
			const stays = isHeld(approval) && status === 'approved';
			this.#write({
				...stored,
				approval: {
					...approval,
					status: stays ? approval.status : status,
					decidedAt: approval.decidedAt ?? Date.now(),
					deliverAt: null,
					claimedBy: null,
					claimedAt: null
				},
				delivery: stays ? 'delivered' : 'none'
			});
		}
	}

	#read(where: string, ...bindings: (string | number)[]): StoredApproval[] {
		return this.#sql
			.exec<Row>(`SELECT * FROM monitor_approvals WHERE ${where}`, ...bindings)
			.toArray()
			.map(({ approval, wait, delivery }) => ({
				approval: approvalSchema.parse(JSON.parse(approval)),
				wait,
				delivery: delivery as Delivery // our own writing
			}));
	}

	#write(stored: StoredApproval): void {
		const { approval, wait, delivery } = stored;
		const version = Date.now();
		this.#sql.exec(
			`INSERT INTO monitor_approvals VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET status = excluded.status, delivery = excluded.delivery,
				approval = excluded.approval, version = max(version + 1, excluded.version)`,
			approval.id,
			approval.workflow,
			approval.runId,
			approval.generation,
			wait,
			approval.status,
			delivery,
			JSON.stringify(approval),
			version
		);
		const dueAt = nextDueAt(stored);
		if (dueAt === null) {
			this.#sql.exec('DELETE FROM monitor_approval_due WHERE id = ?', approval.id);
		} else {
			this.#sql.exec(
				'INSERT OR REPLACE INTO monitor_approval_due VALUES (?, ?)',
				approval.id,
				dueAt
			);
		}
		const written = this.record(approval.id)?.version ?? version;
		this.#outbox.mark('approval', approval.id, written);
	}
}
