// Bulk jobs: counted first, then carried out run by run by the BULK workflow.
import {
	ACTIVE_STATUSES,
	BULK_LIMITS,
	BULK_WORKFLOW,
	isApprovalWait,
	isEnded,
	operationOf,
	personAnywhere,
	ProblemError,
	reachOf,
	reasonWords,
	refusal,
	requestOf,
	runKey,
	toRunRow,
	visibleTo,
	type BulkActionInput,
	type BulkJob,
	type BulkPreview,
	type BulkQuery,
	type BulkView,
	type Identity,
	type RunStatus,
	type BulkParams
} from '../../../protocol';
import {
	countGroups,
	sampleKeys,
	selectedRuns,
	type AskedAction,
	type BulkGroup
} from './bulk-select';
import type { BulkStore, StoredJob } from './bulk-store';
import { encodeCursor, ID_CURSOR, parseCursor } from '../run-index/query/cursor';
import type { Fleet } from '../fleet';
import type { RunRequests } from '../runs/run-requests';
import { bulkText } from '../../../messages/server/bulk';
import type { Fragment } from '../../db/sql';
import type { MonitoredAgent } from '../../monitored-types';
import { VisibleFleet } from '../visible-fleet';

/** A job whose run the index does not have after this time, Ms, never began. */
const BEGINS_MS = 3_600_000;
const SAMPLE = 10;

export type BulkJobsParts = {
	storage: Pick<DurableObjectStorage, 'sql' | 'transactionSync'>;
	fleet: Fleet;
	runs: RunRequests;
	store: BulkStore;
	agent: Pick<MonitoredAgent, 'runWorkflow'>;
};

type Counted = Omit<BulkPreview, 'sample'>;

export class BulkJobs {
	readonly #parts: BulkJobsParts;

	constructor(parts: BulkJobsParts) {
		this.#parts = parts;
	}

	/** What a job would do. @throws ProblemError `forbidden`, `invalid-input` */
	preview(job: BulkJob, by: Identity): BulkPreview {
		const { storage } = this.#parts;
		const seen = new VisibleFleet(this.#parts.fleet, by);
		const { selected } = this.#select(job, by);
		const sample = sampleKeys(storage.sql, selected, SAMPLE).flatMap((key) => {
			const record = seen.run(key);
			return record ? [toRunRow(record.run)] : [];
		});
		return { ...this.#count(selected), sample };
	}

	/** Starts a job and answers with its id. @throws ProblemError as `preview`, `wrong-state` */
	async start(job: BulkJob, by: Identity): Promise<string> {
		const { command, selected } = this.#select(job, by);
		const { q = null } = job.select;
		return this.#begin({ command, q, retryOf: null, selected }, by);
	}

	/** Starts a job for the runs that another job has left. @throws ProblemError as `start`, `not-found` */
	async retry(id: string, state: 'failed' | 'pending', by: Identity): Promise<string> {
		const { store } = this.#parts;
		const job = this.#job(id, by);
		if (state === 'pending' && !isEnded(this.#statusOf(job)) && !job.aborted) {
			throw new ProblemError('wrong-state', bulkText.stillRunning);
		}
		const selected = store.left(job, state, askedAction(job.command, by));
		return this.#begin({ command: job.command, q: job.q, retryOf: id, selected }, by, (next) =>
			store.retried(job, state, next)
		);
	}

	/** Stops a job before its next run. @throws ProblemError `not-found`, `forbidden`, `wrong-state` */
	async abort(id: string, by: Identity): Promise<BulkView> {
		const { store, runs } = this.#parts;
		const job = this.#job(id, by);
		const status = this.#statusOf(job);
		if (job.aborted) {
			const { by: who, at } = job.aborted;
			const when = new Date(at).toISOString();
			throw new ProblemError('wrong-state', bulkText.alreadyAborted(who, when));
		}
		if (isEnded(status)) throw new ProblemError('wrong-state', bulkText.alreadyEnded);
		store.abort(job, by.name, Date.now());
		// A paused job would never end.
		if (status === 'paused') await runs.control('resume', { workflow: BULK_WORKFLOW, id });
		return this.get(id, { limit: 1 });
	}

	/** A job with a page of its runs. @throws ProblemError `not-found`, `invalid-input` */
	get(id: string, { state, limit, cursor }: BulkQuery): BulkView {
		const { store } = this.#parts;
		const job = this.#job(id);
		const after = cursor === undefined ? 0 : parseCursor(cursor, ID_CURSOR)[0];
		const found = store.items.page(job, { state, after, limit: limit + 1 });
		const shown = found.slice(0, limit);
		const last = shown.at(-1);
		const { command, q, by, at, retryOf, aborted } = job;
		return {
			...{ id, action: command.action, q, by, at, retryOf, aborted },
			status: this.#statusOf(job),
			counts: store.items.counts(job),
			reasons: store.items.reasons(job),
			retryable: store.items.retryable(job),
			items: shown.map(({ item }) => item),
			nextCursor: last && found.length > limit ? encodeCursor([last.place]) : null
		};
	}

	/** The runs that a job is for, and what it does to them. */
	#select(job: BulkJob, by: Identity): { command: BulkActionInput; selected: Fragment } {
		const { select, ...command } = job;
		this.#requireRole(command, by);
		if (
			command.action === 'send-event' &&
			isApprovalWait({ name: '', eventType: command.event.type })
		) {
			throw new ProblemError('invalid-input', bulkText.eventDecidesApproval(command.event.type));
		}
		const seen = new VisibleFleet(this.#parts.fleet, by);
		const action = askedAction(command, by);
		return { command, selected: selectedRuns(seen, select, action, Date.now()) };
	}

	async #begin(
		asked: {
			command: BulkActionInput;
			q: string | null;
			retryOf: string | null;
			selected: Fragment;
		},
		by: Identity,
		also: (id: string) => void = () => undefined
	): Promise<string> {
		const { storage, store } = this.#parts;
		const { command, q, retryOf, selected } = asked;
		const counted = this.#count(selected);
		if (counted.eligible === 0) throw nothingToDo(counted);
		const id = `wf_${crypto.randomUUID().replaceAll('-', '').slice(0, 20)}`;
		const at = Date.now();
		store.trim((known) => this.#isKept(known, at));
		storage.transactionSync(() => {
			store.add({ id, command, q, by: by.name, subject: by.subject, at, retryOf }, selected);
			also(id);
		});
		const { total, eligible } = counted;
		try {
			await this.#startWorkflow(id, { ...command, q, runs: total, eligible, retryOf }, by);
		} catch (error) {
			storage.transactionSync(() => store.cancel(id));
			throw error;
		}
		return id;
	}

	async #startWorkflow(id: string, params: BulkParams, by: Identity): Promise<void> {
		const { action, runs, eligible, retryOf } = params;
		await this.#parts.agent.runWorkflow(BULK_WORKFLOW, params, {
			id,
			startedBy: by.name,
			startedBySubject: by.subject,
			metadata: { by: by.name, action, runs, eligible },
			...(retryOf === null ? {} : { parent: { workflow: BULK_WORKFLOW, id: retryOf } })
		});
	}

	#count(selected: Fragment): Counted {
		const groups = countGroups(this.#parts.storage.sql, selected);
		const total = sum(groups);
		if (total > BULK_LIMITS.runs) {
			const [found = '', most = ''] = [total, BULK_LIMITS.runs].map((n) => n.toLocaleString('en'));
			throw new ProblemError('invalid-input', bulkText.tooManyRuns(found, most));
		}
		const eligible = groups.filter(({ reason }) => reason === null);
		const reasons = Map.groupBy(groups, ({ reason }) => reason);
		return {
			total,
			eligible: sum(eligible),
			byStatus: Object.fromEntries(
				eligible.flatMap(({ status, runs }) => (status ? [[status, runs]] : []))
			),
			reasons: [...reasons]
				.flatMap(([reason, of]) => (reason === null ? [] : [{ reason, runs: sum(of) }]))
				.toSorted((a, b) => b.runs - a.runs),
			asOf: Date.now()
		};
	}

	#requireRole({ action }: BulkActionInput, by: Identity): void {
		const refused = refusal(requestOf(action), personAnywhere(by));
		if (refused) throw new ProblemError('forbidden', refused.detail);
	}

	/** @throws ProblemError `not-found`; `forbidden` when somebody may not do what the job does */
	#job(id: string, by?: Identity): StoredJob {
		const job = this.#parts.store.get(id);
		if (!job) throw new ProblemError('not-found', bulkText.unknownJob(id));
		if (by) this.#requireRole(job.command, by);
		return job;
	}

	#statusOf({ id }: StoredJob): RunStatus {
		const record = this.#parts.fleet.runs.get(runKey({ workflow: BULK_WORKFLOW, id }));
		return record?.run.status ?? ACTIVE_STATUSES[0] ?? 'queued';
	}

	#isKept(job: { id: string; at: number }, now: number): boolean {
		const { runs } = this.#parts.fleet;
		const key = runKey({ workflow: BULK_WORKFLOW, id: job.id });
		return runs.has(key) || (!runs.tombstone(key) && job.at > now - BEGINS_MS);
	}
}

/** What is to be done, and where this person may do it. */
function askedAction(command: BulkActionInput, by: Identity): AskedAction {
	const { roles } = operationOf(requestOf(command.action));
	return { command, by, seen: visibleTo(by), allowed: reachOf(by, roles) };
}

function sum(groups: readonly BulkGroup[]): number {
	return groups.reduce((all, { runs }) => all + runs, 0);
}

function nothingToDo({ total, reasons }: Counted): ProblemError {
	const why = reasons.map(({ reason, runs }) => reasonWords(reason, runs)).join(', ');
	const detail = total === 0 ? bulkText.nothingSelected : bulkText.nothingToDo(why);
	return new ProblemError('wrong-state', detail, { reasons });
}
