// How the index learns of runs: Agents report them, in batches that are safe to repeat.
import {
	runKey,
	STATE_WRITE,
	type ApprovalRecord,
	type AuditEntry,
	type RunRecord,
	type RunRef
} from '../../protocol';
import type { Acknowledgement, AuditNote, Report } from '../rpc/agent-rpc';
import type { Fleet } from './fleet';
import type { LostRuns } from './lost-runs';
import type { ChangePublisher } from './change-publisher';
import type { ChangeSet } from './change-set';

/** How much of the reason the audit keeps of a record that could not be stored, characters. */
const REASON_LENGTH = 500;

export type ReportIntakeParts = {
	storage: Pick<DurableObjectStorage, 'transactionSync'>;
	fleet: Fleet;
	publisher: Pick<ChangePublisher, 'publishChanges'>;
	lostRuns: Pick<LostRuns, 'recordDeletedAgent'>;
};

export class ReportIntake {
	readonly #storage: Pick<DurableObjectStorage, 'transactionSync'>;
	readonly #fleet: Fleet;
	readonly #publisher: Pick<ChangePublisher, 'publishChanges'>;
	readonly #lostRuns: Pick<LostRuns, 'recordDeletedAgent'>;

	constructor({ storage, fleet, publisher, lostRuns }: ReportIntakeParts) {
		this.#storage = storage;
		this.#fleet = fleet;
		this.#publisher = publisher;
		this.#lostRuns = lostRuns;
	}

	/**
	 * Records a report and publishes what it changed; repeating it changes nothing. A record that
	 * cannot be stored is set aside with an entry in the audit, so that it never blocks the others.
	 */
	recordReport(report: Report, now: number): Acknowledgement {
		const reporter = report.agent.path;
		const changes: ChangeSet = {
			runs: new Set(),
			approvals: false,
			audit: report.notes.length > 0
		};
		const resend = this.#storage.transactionSync(() => {
			const isMissing = this.#fleet.directory.seen(report, now);
			for (const { ref, to } of report.movedRuns ?? []) {
				if (this.#isOwnedByOther(ref, reporter)) continue;
				// It may come back to a name that it had before.
				this.#fleet.runs.forgetTombstone(runKey({ workflow: to, id: ref.id }));
				// The tombstone keeps a late report from bringing the run back under its former name.
				const by = `agent:${reporter}, renamed to ${to}`;
				const [moved] = this.#fleet.runs.remove([runKey(ref)], { by, at: now });
				if (moved !== undefined) changes.runs.add(moved);
				this.#fleet.runs.pins.move(runKey(ref), runKey({ workflow: to, id: ref.id }));
			}
			for (const record of report.runs) {
				const name = () => runKey(record.run);
				this.#recordOrSetAside(name, { reporter, now, changes }, () =>
					this.#recordRun(record, reporter, changes)
				);
			}
			for (const record of report.approvals) {
				const name = () => record.approval.id;
				this.#recordOrSetAside(name, { reporter, now, changes }, () =>
					this.#recordApproval(record, reporter, changes, now)
				);
			}
			for (const note of report.notes) {
				const name = () => note.target;
				this.#recordOrSetAside(name, { reporter, now, changes }, () =>
					this.#recordNote(note, reporter)
				);
			}
			return isMissing;
		});
		if (changes.runs.size > 0 || changes.approvals || changes.audit) {
			this.#publisher.publishChanges(changes);
		}
		for (const { path, at } of report.deletedAgents ?? []) {
			// An Agent says so of its own sub-agents only.
			if (path.startsWith(`${reporter}/sub/`)) this.#lostRuns.recordDeletedAgent(path, at);
		}
		return { resend };
	}

	#recordRun({ run, ...rest }: RunRecord, reporter: string, changes: ChangeSet): void {
		if (this.#isOwnedByOther(run, reporter)) return;
		const record = { ...rest, run: this.#fleet.redaction.maskRun(run) };
		if (this.#fleet.runs.upsert(record) === 'stored') changes.runs.add(runKey(record.run));
	}

	#recordApproval(given: ApprovalRecord, reporter: string, changes: ChangeSet, now: number): void {
		const approval = this.#fleet.redaction.maskApproval(given.approval);
		const record = { ...given, approval };
		const { workflow, runId } = approval;
		const key = runKey({ workflow, id: runId });
		if (this.#fleet.runs.tombstone(key)) return;
		if (this.#isOwnedByOther({ workflow, id: runId }, reporter)) return;
		const { stored, before } = this.#fleet.approvals.upsert(record);
		if (!stored) return;
		this.#fleet.notifications.follow(before, record.approval, now);
		changes.approvals = true;
		changes.runs.add(key);
	}

	/** An Agent speaks for people only about itself. */
	#recordNote({ id, entry, ...note }: AuditNote, reporter: string): void {
		const isOwn = note.action === STATE_WRITE && note.target === reporter;
		const said = isOwn && entry ? entry : { by: `agent:${reporter}`, result: 'done' };
		this.#fleet.audit.add({ ...note, ...said }, `${reporter}#${id}`);
	}

	/** Only the Agent that has a run reports about it: no other one can weaken its approvals. */
	#isOwnedByOther(ref: RunRef, reporter: string): boolean {
		const owner = this.#fleet.runs.get(runKey(ref))?.run.agent.path;
		return owner !== undefined && owner !== reporter;
	}

	#recordOrSetAside(
		name: () => string,
		{ reporter, now, changes }: { reporter: string; now: number; changes: ChangeSet },
		record: () => void
	): void {
		try {
			this.#storage.transactionSync(record);
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			const target = nameOrUnknown(name);
			const entry: Omit<AuditEntry, 'id'> = {
				...{ at: now, by: `agent:${reporter}`, action: 'record.set-aside', target },
				...{ detail: { reason: reason.slice(0, REASON_LENGTH) }, result: 'failed' }
			};
			// Once for each record, however often the Agent reports it.
			this.#fleet.audit.add(entry, `${reporter} set aside ${target}`);
			changes.audit = true;
		}
	}
}

/** What a record is of; one of another version may not have a name where this one looks. */
function nameOrUnknown(name: () => string): string | null {
	try {
		return String(name()).slice(0, REASON_LENGTH);
	} catch {
		return null;
	}
}
