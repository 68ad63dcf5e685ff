// The approvals of an Agent's runs. Every action is checked and stored in one transaction; a decision
// that was not delivered yet survives a crash.
import {
	approvalSchema,
	ProblemError,
	type Approval,
	type ApprovalRecord,
	type RunFacts,
	type RunRef
} from '../../../protocol';
import { migrate } from '../../db/migrations';
import { agentErrorText } from '../../../messages/server/agent-errors';
import { advanceByTime, approvalDueAt, type ApprovalTimeEvent } from './approval-deadlines';
import { AgentDecisionStore } from './agent-decision-store';
import { GateStore } from './gate-store';
import type { AuditNotes } from '../store/audit-notes';
import type { Outbox } from '../store/outbox';
import type { Delivery, StoredApproval } from './stored-approval';

type Row = { approval: string; wait: string; delivery: string; version: number };

export class ApprovalStore {
	readonly #storage: DurableObjectStorage;
	readonly #outbox: Pick<Outbox, 'markChanged' | 'removeEntry'>;
	readonly #notes: Pick<AuditNotes, 'addNote'>;
	readonly gates: GateStore;
	readonly agentDecisions: AgentDecisionStore;

	constructor(
		storage: DurableObjectStorage,
		outbox: Pick<Outbox, 'markChanged' | 'removeEntry'>,
		notes: Pick<AuditNotes, 'addNote'>
	) {
		this.#storage = storage;
		this.#outbox = outbox;
		this.#notes = notes;
		this.gates = new GateStore(storage.sql);
		this.agentDecisions = new AgentDecisionStore(storage.sql);
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
		this.agentDecisions.migrate();
	}

	findApproval(id: string): StoredApproval | null {
		return this.#read('id = ?', id)[0] ?? null;
	}

	/** The approval as the index stores it. */
	findRecord(id: string): ApprovalRecord | null {
		const row = this.#sql
			.exec<Row>('SELECT * FROM monitor_approvals WHERE id = ?', id)
			.toArray()[0];
		return row
			? { approval: approvalSchema.parse(JSON.parse(row.approval)), version: row.version }
			: null;
	}

	/** Every approval and its version. */
	allApprovals(): { id: string; version: number }[] {
		return this.#sql
			.exec<{ id: string; version: number }>('SELECT id, version FROM monitor_approvals')
			.toArray();
	}

	/** The approvals of one run, all generations, oldest first. */
	approvalsOf({ workflow, id }: RunRef): StoredApproval[] {
		return this.#read('workflow = ? AND run_id = ? ORDER BY generation, rowid', workflow, id);
	}

	/** Decisions that are not known to have reached the engine. */
	undeliveredApprovals(): StoredApproval[] {
		return this.#read(`delivery IN ('taken', 'sending')`);
	}

	/** Approvals of this generation that wait for a decision, or whose decision can still be undone. */
	openApprovals({ ref, generation }: RunFacts): StoredApproval[] {
		return this.#read(
			`workflow = ? AND run_id = ? AND generation = ? AND (status = 'pending' OR delivery = 'held')`,
			ref.workflow,
			ref.id,
			generation
		);
	}

	/** The approval of a wait, if it has one. */
	findByWait({ ref, generation }: RunFacts, wait: string): StoredApproval | null {
		const { workflow, id } = ref;
		const where = 'workflow = ? AND run_id = ? AND generation = ? AND wait = ?';
		return this.#read(where, workflow, id, generation, wait)[0] ?? null;
	}

	/** Stores a new approval, or a changed one as its next version. */
	writeApproval(stored: StoredApproval): void {
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
		const dueAt = approvalDueAt(stored);
		if (dueAt === null) {
			this.#sql.exec('DELETE FROM monitor_approval_due WHERE id = ?', approval.id);
		} else {
			this.#sql.exec(
				'INSERT OR REPLACE INTO monitor_approval_due VALUES (?, ?)',
				approval.id,
				dueAt
			);
		}
		const written = this.findRecord(approval.id)?.version ?? version;
		this.#outbox.markChanged('approval', approval.id, written);
	}

	/**
	 * Changes an approval in one transaction, after applying its deadlines up to `now`. Those changes
	 * stay even if `change` throws.
	 * @throws ProblemError `unknown-approval`, and what `change` throws
	 */
	changeApproval(
		id: string,
		now: number,
		change: (stored: StoredApproval) => StoredApproval
	): StoredApproval {
		this.advanceApproval(id, now);
		this.#storage.transactionSync(() => this.writeApproval(change(this.#getApproval(id))));
		return this.advanceApproval(id, now);
	}

	/** Applies the deadlines up to `now`. @throws ProblemError `unknown-approval` */
	advanceApproval(id: string, now: number): StoredApproval {
		return this.#storage.transactionSync(() => {
			const before = this.#getApproval(id);
			const { stored, events } = advanceByTime(before, now);
			if (events.length === 0) return before;
			this.writeApproval(stored);
			for (const event of events) this.#noteForAudit(event, stored.approval);
			return stored;
		});
	}

	/** Applies the deadlines of all approvals up to `now`. Returns how many were due. */
	advanceDueApprovals(now: number): number {
		const due = this.#sql
			.exec<{ id: string }>('SELECT id FROM monitor_approval_due WHERE at <= ? ORDER BY at', now)
			.toArray();
		for (const { id } of due) this.advanceApproval(id, now);
		return due.length;
	}

	/** When the next deadline of any approval is due, Ms; null for none. */
	nextDeadlineAt(): number | null {
		return (
			this.#sql.exec<{ at: number | null }>('SELECT min(at) AS at FROM monitor_approval_due').one()
				.at ?? null
		);
	}

	/** Stores how far the delivery of a decision has come. */
	setDelivery(id: string, delivery: Delivery): void {
		this.#sql.exec('UPDATE monitor_approvals SET delivery = ? WHERE id = ?', delivery, id);
	}

	/** Deletes the approvals of a run. Its decisions stay in the audit log of the index. */
	deleteApprovals(ref: RunRef): void {
		for (const { approval } of this.approvalsOf(ref)) {
			this.#outbox.removeEntry('approval', approval.id);
			this.#sql.exec('DELETE FROM monitor_approval_due WHERE id = ?', approval.id);
		}
		this.gates.deleteGates(ref);
		this.agentDecisions.deleteDecisions(ref);
		this.#sql.exec(
			'DELETE FROM monitor_approvals WHERE workflow = ? AND run_id = ?',
			ref.workflow,
			ref.id
		);
	}

	#getApproval(id: string): StoredApproval {
		const stored = this.findApproval(id);
		if (stored) return stored;
		throw new ProblemError('unknown-approval', agentErrorText.unknownApproval(id));
	}

	/** Warnings and deliveries are not worth an audit entry: nothing was decided. */
	#noteForAudit({ action, at }: ApprovalTimeEvent, approval: Approval): void {
		if (action === 'approval.warn' || action === 'approval.deliver') return;
		const { id, workflow, runId, title, status, approvers } = approval;
		this.#notes.addNote(action, id, { workflow, runId, title, at, status, approvers });
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
}
