// Jobs over many runs: counted first, then carried out run by run by the BULK workflow.
import {
	ACTIVE_STATUSES,
	BULK_LIMITS,
	BULK_WORKFLOW,
	isApprovalWait,
	isEnded,
	ProblemError,
	reasonWords,
	refusal,
	requestOf,
	runKey,
	toRunRow,
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
	type BulkGroup,
	type BulkIndex
} from './bulk-select';
import type { BulkStore, StoredJob } from './bulk-store';
import { decodeCursor, encodeCursor } from '../run-index/query/cursor';
import type { Fleet } from '../fleet';
import type { RunRequests } from '../runs/run-requests';
import type { Fragment, Sql } from '../../db/sql';

/** A job whose run the index does not have after this time, Ms, never began. */
const BEGINS_MS = 3_600_000;
const SAMPLE = 10;

export type BulkJobsHost = {
	sql: Sql;
	fleet: Fleet;
	runs: RunRequests;
	store: BulkStore;
	transaction: <T>(work: () => T) => T;
	/** Starts the BULK workflow under this id. */
	start: (id: string, params: BulkParams, by: Identity) => Promise<void>;
};

type Counted = Omit<BulkPreview, 'sample'>;

export class BulkJobs {
	readonly #host: BulkJobsHost;

	constructor(host: BulkJobsHost) {
		this.#host = host;
	}

	/** What a job would do. @throws ProblemError `forbidden`, `invalid-input` */
	preview(job: BulkJob, by: Identity): BulkPreview {
		const { sql, fleet } = this.#host;
		const { selected } = this.#ask(job, by);
		const sample = sampleKeys(sql, selected, SAMPLE).flatMap((key) => {
			const record = fleet.runs.get(key);
			return record ? [toRunRow(record.run)] : [];
		});
		return { ...this.#count(selected), sample };
	}

	/** Starts a job and answers with its id. @throws ProblemError as `preview`, `wrong-state` */
	async start(job: BulkJob, by: Identity): Promise<string> {
		const { deed, selected } = this.#ask(job, by);
		const { q = null } = job.select;
		return this.#begin({ deed, q, retryOf: null, selected }, by);
	}

	/** Starts a job for what another one has left. @throws ProblemError as `start`, `not-found` */
	async retry(id: string, state: 'failed' | 'pending', by: Identity): Promise<string> {
		const { store } = this.#host;
		const job = this.#job(id, by);
		if (state === 'pending' && !isEnded(this.#statusOf(job)) && !job.aborted) {
			throw new ProblemError('wrong-state', 'The job goes on: what is left is still to come.');
		}
		const selected = store.left(job, state, by);
		return this.#begin({ deed: job.deed, q: job.q, retryOf: id, selected }, by, (next) =>
			store.retried(job, state, next)
		);
	}

	/** Stops a job before its next run. @throws ProblemError `not-found`, `forbidden`, `wrong-state` */
	async abort(id: string, by: Identity): Promise<BulkView> {
		const { store, runs } = this.#host;
		const job = this.#job(id, by);
		const status = this.#statusOf(job);
		if (job.aborted) {
			const { by: who, at } = job.aborted;
			const when = new Date(at).toISOString();
			throw new ProblemError('wrong-state', `The job was aborted by ${who} at ${when} already.`);
		}
		if (isEnded(status)) throw new ProblemError('wrong-state', 'The job has ended already.');
		store.abort(job, by.name, Date.now());
		// A paused job is to come to its end, too.
		if (status === 'paused') await runs.control('resume', { workflow: BULK_WORKFLOW, id });
		return this.get(id, { limit: 1 });
	}

	/** A job with a page of its runs. @throws ProblemError `not-found`, `invalid-input` */
	get(id: string, { state, limit, cursor }: BulkQuery): BulkView {
		const { store } = this.#host;
		const job = this.#job(id);
		const after = cursor === undefined ? 0 : Number(decodeCursor(cursor)[0]);
		const found = store.items.page(job, { state, after, limit: limit + 1 });
		const shown = found.slice(0, limit);
		const last = shown.at(-1);
		const { deed, q, by, at, retryOf, aborted } = job;
		return {
			...{ id, action: deed.action, q, by, at, retryOf, aborted },
			status: this.#statusOf(job),
			counts: store.items.counts(job),
			reasons: store.items.reasons(job),
			retryable: store.items.retryable(job),
			items: shown.map(({ item }) => item),
			nextCursor: last && found.length > limit ? encodeCursor([last.place]) : null
		};
	}

	/** What was selected, and what is to be done to it. */
	#ask(job: BulkJob, by: Identity): { deed: BulkActionInput; selected: Fragment } {
		const { select, ...deed } = job;
		this.#mayDo(deed, by);
		if (deed.action === 'send-event' && isApprovalWait({ name: '', eventType: deed.event.type })) {
			const detail = `event.type: ${deed.event.type} would decide approvals; each is decided by itself.`;
			throw new ProblemError('invalid-input', detail);
		}
		return { deed, selected: selectedRuns(this.#index(), select, { deed, by }, Date.now()) };
	}

	#index(): BulkIndex {
		const { fleet } = this.#host;
		return {
			terms: (q) => fleet.terms(q),
			matching: (terms, now) => fleet.runs.matching(terms, now)
		};
	}

	async #begin(
		asked: { deed: BulkActionInput; q: string | null; retryOf: string | null; selected: Fragment },
		by: Identity,
		also: (id: string) => void = () => undefined
	): Promise<string> {
		const { store, transaction, start } = this.#host;
		const { deed, q, retryOf, selected } = asked;
		const counted = this.#count(selected);
		if (counted.eligible === 0) throw nothingToDo(counted);
		const id = `wf_${crypto.randomUUID().replaceAll('-', '').slice(0, 20)}`;
		const at = Date.now();
		store.trim((known) => this.#isKept(known, at));
		transaction(() => {
			store.add({ id, deed, q, by: by.name, at, retryOf }, selected);
			also(id);
		});
		const { total, eligible } = counted;
		try {
			await start(id, { ...deed, q, runs: total, eligible, retryOf }, by);
		} catch (error) {
			transaction(() => store.cancel(id));
			throw error;
		}
		return id;
	}

	#count(selected: Fragment): Counted {
		const groups = countGroups(this.#host.sql, selected);
		const total = sum(groups);
		if (total > BULK_LIMITS.runs) {
			const [found, most] = [total, BULK_LIMITS.runs].map((n) => n.toLocaleString('en'));
			throw new ProblemError(
				'invalid-input',
				`${found} runs match, and a job takes ${most} at most: narrow the query.`
			);
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

	#mayDo({ action }: BulkActionInput, by: Identity): void {
		const refused = refusal(requestOf(action), by);
		if (refused) throw new ProblemError('forbidden', refused.detail);
	}

	/** @throws ProblemError `not-found`; `forbidden` when somebody may not do what the job does */
	#job(id: string, by?: Identity): StoredJob {
		const job = this.#host.store.get(id);
		if (!job) throw new ProblemError('not-found', `There is no job ${id}, or it was deleted.`);
		if (by) this.#mayDo(job.deed, by);
		return job;
	}

	#statusOf({ id }: StoredJob): RunStatus {
		const record = this.#host.fleet.runs.get(runKey({ workflow: BULK_WORKFLOW, id }));
		return record?.run.status ?? ACTIVE_STATUSES[0] ?? 'queued';
	}

	#isKept(job: { id: string; at: number }, now: number): boolean {
		const { runs } = this.#host.fleet;
		const key = runKey({ workflow: BULK_WORKFLOW, id: job.id });
		return runs.has(key) || (!runs.tombstone(key) && job.at > now - BEGINS_MS);
	}
}

function sum(groups: readonly BulkGroup[]): number {
	return groups.reduce((all, { runs }) => all + runs, 0);
}

function nothingToDo({ total, reasons }: Counted): ProblemError {
	const why = reasons.map(({ reason, runs }) => reasonWords(reason, runs)).join(', ');
	const detail = total === 0 ? 'No run is selected.' : `There is nothing to do: ${why}.`;
	return new ProblemError('wrong-state', detail, { reasons });
}
