// Carries a job out, a stretch at a time: each run is written down before it is asked and after it
// has answered, so that a stretch that was interrupted goes on where it stood.
import {
	BULK_WORKFLOW,
	isEnded,
	ProblemError,
	requestOf,
	runKey,
	toJson,
	type Identity,
	type RunRef
} from '../../../protocol';
import { endOf, kindOf, type BulkEnd } from './bulk-outcome';
import type { OpenItem } from './bulk-items';
import type { BulkStore, StoredJob } from './bulk-store';
import type { Fleet } from '../fleet';
import type { Touched } from '../live/changes';
import type { RunRequests } from '../runs/run-requests';

/** How many runs are asked at once. */
const AT_ONCE = 8;
/** A stretch has so many runs at most, and enough that 100,000 of them fit in the engine's steps. */
const STRETCH = { most: 250, steps: 800 } as const;
/** A stretch ends after this time, Ms, so that progress is told. */
const STRETCH_MS = 2_000;
/** Who does not answer in this time, Ms, has failed. */
const ANSWER_MS = 30_000;
/** An Agent that was away is asked again after these pauses, Ms. */
const AGAIN_AFTER_MS = [500, 2_000];

/** How far a job has come. */
export type BulkStretch = {
	done: number;
	skipped: number;
	failed: number;
	left: number;
	/** Is there nothing more to do, or was it aborted? */
	over: boolean;
	abortedBy: string | null;
};

export type BulkRunnerHost = {
	fleet: Fleet;
	runs: RunRequests;
	store: BulkStore;
	transaction: <T>(work: () => T) => T;
	changed: (touched: Touched) => void;
};

export class BulkRunner {
	readonly #host: BulkRunnerHost;
	/** Stretches under way: a step that is tried again joins the one that still goes on. */
	readonly #running = new Map<string, Promise<void>>();

	constructor(host: BulkRunnerHost) {
		this.#host = host;
	}

	/** Does the next runs of a job. Safe to repeat. @throws Error when the job was deleted */
	async next(id: string): Promise<BulkStretch> {
		const stretch =
			this.#running.get(id) ?? this.#stretch(id).finally(() => this.#running.delete(id));
		this.#running.set(id, stretch);
		await stretch;
		return this.stand(id);
	}

	/** How far a job has come. */
	stand(id: string): BulkStretch {
		const job = this.#job(id);
		const { done, skipped, failed, pending, doing } = this.#host.store.items.counts(job);
		const left = pending + doing;
		const abortedBy = job.aborted?.by ?? null;
		return { done, skipped, failed, left, over: left === 0 || abortedBy !== null, abortedBy };
	}

	async #stretch(id: string): Promise<void> {
		const job = this.#job(id);
		const { store } = this.#host;
		const { done, skipped, failed, left } = this.stand(id);
		const least = Math.ceil((done + skipped + failed + left) / STRETCH.steps);
		const until = Date.now() + STRETCH_MS;
		const items = store.items.next(job, Math.max(least, STRETCH.most));
		let begun = 0;
		const work = async () => {
			while (begun < items.length && (begun < least || Date.now() < until)) {
				const item = items[begun];
				begun += 1;
				if (!item || !this.#goesOn(id)) return;
				await this.#item(job, item);
			}
		};
		await Promise.all(Array.from({ length: AT_ONCE }, work));
	}

	async #item(job: StoredJob, item: OpenItem): Promise<void> {
		const { store, transaction, changed, fleet } = this.#host;
		const triedAt = item.isRepeat ? item.triedAt : Date.now();
		store.items.begin(job, item.item, triedAt);
		const { end, result } = await this.#attempts(job, { ...item, triedAt });
		const { action, ...detail } = job.deed;
		transaction(() => {
			store.items.end(job, item.item, end, Date.now());
			fleet.audit.add(
				{
					at: Date.now(),
					by: job.by,
					action: requestOf(action),
					target: item.key,
					detail: toJson({ job: runKey({ workflow: BULK_WORKFLOW, id: job.id }), ...detail }),
					result
				},
				`${BULK_WORKFLOW}/${job.id}#${item.item}`
			);
		});
		changed({ runs: new Set(), approvals: false, audit: true });
	}

	/** An Agent that is away may have done it before it went: what it is asked again says so. */
	async #attempts(job: StoredJob, item: OpenItem): Promise<{ end: BulkEnd; result: string }> {
		for (const [index, pauseMs] of [...AGAIN_AFTER_MS, null].entries()) {
			const isRepeat = item.isRepeat || index > 0;
			try {
				await withinMs(ANSWER_MS, this.#act(job, item, isRepeat));
				return { end: { state: 'done' }, result: 'done' };
			} catch (error) {
				if (!(error instanceof ProblemError)) {
					const detail = error instanceof Error ? error.message : String(error);
					return { end: { state: 'failed', detail }, result: 'internal' };
				}
				const kind = kindOf(error.problem);
				if (kind !== 'unavailable' || pauseMs === null) {
					const end = endOf(job.deed.action, error.problem, isRepeat);
					return { end, result: end.state === 'done' ? 'done' : kind };
				}
				await scheduler.wait(pauseMs);
			}
		}
		throw new Error('unreachable');
	}

	async #act({ deed, by }: StoredJob, item: OpenItem, isRepeat: boolean): Promise<unknown> {
		const { runs } = this.#host;
		const ref = refOf(item.key);
		const person = personOf(by);
		switch (deed.action) {
			case 'restart':
				return runs.restart({ ...ref, from: deed.from }, person, { generation: item.generation });
			case 'terminate':
				return runs.terminate(ref, person);
			case 'send-event':
				return runs.sendEvent(
					{ ...ref, event: deed.event },
					isRepeat ? { triedAt: item.triedAt } : {}
				);
			case 'delete':
				return runs.delete(ref, person);
			default:
				return runs.control(deed.action, ref);
		}
	}

	/** Does the job go on? Not when it was aborted, nor while its run is paused or has ended. */
	#goesOn(id: string): boolean {
		const run = this.#host.fleet.runs.get(runKey({ workflow: BULK_WORKFLOW, id }))?.run;
		if (this.#job(id).aborted) return false;
		return !run || !(isEnded(run.status) || ['paused', 'waitingForPause'].includes(run.status));
	}

	#job(id: string): StoredJob {
		const job = this.#host.store.get(id);
		if (job) return job;
		throw new Error(`There is no job ${id}, or it was deleted.`);
	}
}

/** Who is named as the one who did it; what they may do was checked when the job began. */
function personOf(name: string): Identity {
	return { subject: `bulk:${name}`, name, email: null, roles: [] };
}

function refOf(key: string): RunRef {
	const [workflow = '', id = ''] = key.split('/');
	return { workflow, id };
}

async function withinMs<T>(limitMs: number, work: Promise<T>): Promise<T> {
	const { promise: late, reject } = Promise.withResolvers<never>();
	const timer = setTimeout(() => {
		const detail = `No answer came in ${limitMs / 1000} s; the run shows whether it was done.`;
		reject(new ProblemError('internal', detail));
	}, limitMs);
	return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
