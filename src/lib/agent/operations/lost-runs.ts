// Runs whose Agent no longer has them: it was deleted, or its storage was. Their records end here,
// since nobody will report about them again.
import {
	fieldTerm,
	problemKind,
	runKey,
	type Problem,
	type Run,
	type RunRecord,
	type RunRef
} from '../../protocol';
import { agentErrorText } from '../../messages/server/agent-errors';
import type { ChangePublisher } from './change-publisher';
import type { ChangeSet } from './change-set';
import type { Fleet } from './fleet';
import { SELF } from './self';

/** How many runs are ended in one transaction. */
const BATCH = 500;

export type LostRunsParts = {
	storage: Pick<DurableObjectStorage, 'transactionSync'>;
	fleet: Fleet;
	publisher: Pick<ChangePublisher, 'publishChanges'>;
};

export class LostRuns {
	readonly #parts: LostRunsParts;

	constructor(parts: LostRunsParts) {
		this.#parts = parts;
	}

	/** Ends the records that an Agent's problem says it does not have. */
	recordProblem(path: string, ref: RunRef | null, problem: Problem): void {
		const now = Date.now();
		if (problemKind(problem) === 'unknown-agent' && problem['deleted'] === true) {
			this.recordDeletedAgent(path, now);
		} else if (problemKind(problem) === 'unknown-run' && ref !== null) {
			const record = this.#parts.fleet.runs.get(runKey(ref));
			if (record?.run.agent.path !== path) return;
			this.#endAll([record], agentErrorText.runGoneFromAgent(path), now);
		}
	}

	/** Ends the runs of an Agent and of those below it that were created up to `deletedAt`, Ms. */
	recordDeletedAgent(path: string, deletedAt: number): void {
		const { fleet } = this.#parts;
		const terms = [fieldTerm('agent', [path]), fieldTerm('is', ['active'])];
		let ended = 0;
		for (;;) {
			const order = { field: 'created', direction: 'asc' } as const;
			const { runs } = fleet.runs.page({ terms, order, limit: BATCH, now: deletedAt });
			const lost = runs.filter(({ createdAt }) => createdAt <= deletedAt).flatMap(this.#recordOf);
			this.#endAll(lost, agentErrorText.agentDeleted(path), deletedAt);
			ended += lost.length;
			if (lost.length < BATCH) break;
		}
		const wasKnown = fleet.directory.remove(path);
		if (ended === 0 && !wasKnown) return;
		const entry = { at: Date.now(), by: SELF.name, action: 'agent.deleted', target: path };
		fleet.audit.add({ ...entry, detail: { runs: ended }, result: 'done' });
		this.#parts.publisher.publishChanges({ runs: new Set(), approvals: true, audit: true });
	}

	readonly #recordOf = (run: Run): RunRecord[] => {
		const record = this.#parts.fleet.runs.get(runKey(run));
		return record ? [record] : [];
	};

	#endAll(records: readonly RunRecord[], reason: string, at: number): void {
		const { storage, fleet, publisher } = this.#parts;
		const changes: ChangeSet = { runs: new Set(), approvals: false, audit: false };
		storage.transactionSync(() => {
			for (const { run, version } of records) {
				fleet.runs.upsert({
					run: lostRun(run, reason, at),
					version: Math.max(version + 1, at),
					exact: false
				});
				changes.runs.add(runKey(run));
				for (const approval of fleet.approvals.of(run)) {
					if (approval.status !== 'pending') continue;
					const cancelled = { ...approval, status: 'cancelled', decidedAt: at } as const;
					const next = Math.max(fleet.approvals.versionOf(approval.id) + 1, at);
					const { before } = fleet.approvals.upsert({ approval: cancelled, version: next });
					fleet.notifications.follow(before, cancelled, at);
					changes.approvals = true;
				}
			}
		});
		if (changes.runs.size > 0) publisher.publishChanges(changes);
	}
}

function lostRun(run: Run, message: string, at: number): Run {
	return {
		...run,
		...{ status: 'unknown', outcome: 'lost', waitingFor: null },
		...{ finishedAt: at, updatedAt: Math.max(run.updatedAt, at) },
		error: { name: 'RunLostError', message }
	};
}
