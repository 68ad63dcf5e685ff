// One approval for each open wait of a run that asks for a person. It is found from the engine's
// own events, so a plain `waitForApproval` needs nothing of ours. A decision is taken once, in one
// transaction, and then delivered; what was taken but not delivered survives a crash.
import {
	approvalSchema,
	isApprovalWait,
	parseStepName,
	ProblemError,
	type Approval,
	type ApprovalRecord,
	type ApprovalStatus,
	type Decision,
	type Json,
	type JsonObject,
	type RunEvent,
	type RunFacts,
	type RunHistory,
	type RunRef
} from '../../protocol';
import { migrate } from '../migrations';
import type { Outbox } from './outbox';

/**
 * How far a decision has come: `taken` (written down), `sending` (an event may be on its way),
 * `delivered`. `none` while nobody has decided, or when the wait ended by itself.
 */
export type Delivery = 'none' | 'taken' | 'sending' | 'delivered';

/** An approval as its Agent keeps it; `wait` is the engine's name of the wait. */
export type StoredApproval = { approval: Approval; wait: string; delivery: Delivery };

type Row = { approval: string; wait: string; delivery: string; version: number };

/** A fact's text longer than this is cut: facts are for the eye. */
const FACT_LENGTH = 300;

export class ApprovalStore {
	readonly #storage: DurableObjectStorage;
	readonly #outbox: Outbox;

	constructor(storage: DurableObjectStorage, outbox: Outbox) {
		this.#storage = storage;
		this.#outbox = outbox;
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
		`
		]);
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
				const wait = { name: String(event.stepName), eventType: String(event.eventType) };
				if (isApprovalWait(wait)) this.#request(facts, wait, event.timestamp);
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
	 * Takes a decision, once.
	 * @throws ProblemError `unknown-approval`, `already-decided` (says who and when), `not-waiting`
	 */
	decide(id: string, decision: Decision): StoredApproval {
		return this.#storage.transactionSync(() => {
			const stored = this.get(id);
			if (!stored) throw new ProblemError('unknown-approval', `There is no approval ${id}.`);
			refuseUnlessPending(stored.approval);
			const decided: StoredApproval = {
				...stored,
				approval: {
					...stored.approval,
					status: decision.approved ? 'approved' : 'rejected',
					decisions: [...stored.approval.decisions, decision]
				},
				delivery: 'taken'
			};
			this.#write(decided);
			return decided;
		});
	}

	/** Notes how far the delivery of a decision has come. */
	deliver(id: string, delivery: Delivery): void {
		this.#sql.exec('UPDATE monitor_approvals SET delivery = ? WHERE id = ?', delivery, id);
	}

	/** Forgets the approvals of a run here; the index keeps what was decided in its audit. */
	forget(ref: RunRef): void {
		for (const { approval } of this.of(ref)) this.#outbox.unmark('approval', approval.id);
		this.#sql.exec(
			'DELETE FROM monitor_approvals WHERE workflow = ? AND run_id = ?',
			ref.workflow,
			ref.id
		);
	}

	#request(facts: RunFacts, wait: { name: string; eventType: string }, at: number): void {
		const { workflow, id } = facts.ref;
		const known = this.#read(
			'workflow = ? AND run_id = ? AND generation = ? AND wait = ?',
			workflow,
			id,
			facts.generation,
			wait.name
		);
		if (known.length > 0) return;
		const approval: Approval = {
			id: `ap_${crypto.randomUUID().replaceAll('-', '').slice(0, 20)}`,
			workflow,
			runId: id,
			generation: facts.generation,
			agent: facts.agent,
			step: parseStepName(wait.name).name,
			eventType: wait.eventType,
			title: titleOf(facts),
			description: null,
			facts: factsOf(facts),
			form: null,
			status: 'pending',
			requestedAt: at,
			expiresAt: null,
			approvers: ['approver'],
			quorum: 1,
			decisions: []
		};
		this.#write({ approval, wait: wait.name, delivery: 'none' });
	}

	#settle({ ref, generation }: RunFacts, status: ApprovalStatus, wait?: string): void {
		const pending = this.#read(
			`workflow = ? AND run_id = ? AND generation = ? AND status = 'pending'`,
			ref.workflow,
			ref.id,
			generation
		);
		for (const stored of pending) {
			if (wait !== undefined && stored.wait !== wait) continue;
			this.#write({ ...stored, approval: { ...stored.approval, status } });
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

	#write({ approval, wait, delivery }: StoredApproval): void {
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
		const written = this.record(approval.id)?.version ?? version;
		this.#outbox.mark('approval', approval.id, written);
	}
}

/** @throws ProblemError when the approval is not open any more; it says why. */
export function refuseUnlessPending(approval: Approval): void {
	const last = approval.decisions.at(-1);
	switch (approval.status) {
		case 'pending':
			return;
		case 'approved':
		case 'rejected':
			throw new ProblemError(
				'already-decided',
				last
					? `Already ${approval.status} by ${last.by} at ${new Date(last.at).toISOString()}.`
					: `Already ${approval.status}, by an event from outside Signalbox.`,
				{ approval, ...(last ? { decision: last } : {}) }
			);
		case 'expired':
			throw new ProblemError('not-waiting', 'Its deadline has passed: nothing waits for this.', {
				approval
			});
		case 'cancelled':
			throw new ProblemError('not-waiting', 'Its run ended otherwise: nothing waits for this.', {
				approval
			});
	}
}

function titleOf({ ref, progress }: RunFacts): string {
	const message =
		typeof progress === 'object' && progress && !Array.isArray(progress) ? progress.message : null;
	return typeof message === 'string' && message
		? message
		: `${ref.workflow} ${ref.id} waits for approval`;
}

/** What a decision needs to know: the params and the progress, values short enough to read. */
function factsOf({ params, progress }: RunFacts): JsonObject {
	return { ...shortValues(params), ...shortValues(progress) };
}

function shortValues(value: Json): JsonObject {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
	return Object.fromEntries(
		Object.entries(value)
			.filter(([key]) => key !== 'message')
			.map(([key, entry]) => [key, shorten(entry)])
	);
}

function shorten(value: Json): Json {
	if (typeof value === 'string') {
		return value.length > FACT_LENGTH ? `${value.slice(0, FACT_LENGTH)}…` : value;
	}
	if (Array.isArray(value)) return value.slice(0, 10).map(shorten);
	return typeof value === 'object' && value !== null ? shortValues(value) : value;
}
