// Carries out a job in batches. Each run is recorded before its Agent is called and after it has
// answered, so that an interrupted batch continues where it stopped.
import {
	BULK_WORKFLOW,
	isEnded,
	ProblemError,
	problemKind,
	requestOf,
	runKey,
	toJson,
	type Identity,
	type RunRef
} from '../../../protocol';
import { bulkText } from '../../../messages/server/bulk';
import { endOf, type BulkEnd } from './bulk-outcome';
import type { OpenItem } from './bulk-items';
import type { BulkStore, StoredJob } from './bulk-store';
import type { Fleet } from '../fleet';
import type { ChangePublisher } from '../change-publisher';
import { AUDIT_CHANGE } from '../change-set';
import type { AuditedStates } from '../requests/audited-states';
import type { RunRequests } from '../runs/run-requests';

/** How many runs are acted on at once. */
const AT_ONCE = 8;
/** The most runs of a batch, unless 100,000 runs would then not fit into this many of the engine's steps. */
const BATCH = { most: 250, steps: 800 } as const;
/** A batch ends after this time, Ms, so that progress is reported. */
const BATCH_MS = 2_000;
/** A run whose Agent does not answer in this time has failed, Ms. */
const ANSWER_MS = 30_000;
/** An unavailable Agent is called again after these pauses, Ms. */
const AGAIN_AFTER_MS = [500, 2_000];

/** How far a job has come. */
export type BulkBatch = {
	done: number;
	skipped: number;
	failed: number;
	left: number;
	/** Is there nothing more to do, or was it aborted? */
	over: boolean;
	abortedBy: string | null;
};

export type BulkRunnerParts = {
	storage: Pick<DurableObjectStorage, 'transactionSync'>;
	fleet: Fleet;
	runs: RunRequests;
	store: BulkStore;
	publisher: Pick<ChangePublisher, 'publishChanges'>;
	states: Pick<AuditedStates, 'runState'>;
};

export class BulkRunner {
	readonly #parts: BulkRunnerParts;
	/** Batches in progress: a retried step joins the one that is still running. */
	readonly #running = new Map<string, Promise<void>>();

	constructor(parts: BulkRunnerParts) {
		this.#parts = parts;
	}

	/** Carries out the next batch of a job. Safe to repeat. @throws Error when the job was deleted */
	async runNextBatch(id: string): Promise<BulkBatch> {
		const batch =
			this.#running.get(id) ?? this.#runBatch(id).finally(() => this.#running.delete(id));
		this.#running.set(id, batch);
		await batch;
		return this.progressOf(id);
	}

	/** How far a job has come. */
	progressOf(id: string): BulkBatch {
		const job = this.#job(id);
		const { done, skipped, failed, pending, doing } = this.#parts.store.items.counts(job);
		const left = pending + doing;
		const abortedBy = job.aborted?.by ?? null;
		return { done, skipped, failed, left, over: left === 0 || abortedBy !== null, abortedBy };
	}

	async #runBatch(id: string): Promise<void> {
		const job = this.#job(id);
		const { store } = this.#parts;
		const { done, skipped, failed, left } = this.progressOf(id);
		const least = Math.ceil((done + skipped + failed + left) / BATCH.steps);
		const until = Date.now() + BATCH_MS;
		const items = store.items.next(job, Math.max(least, BATCH.most));
		let begun = 0;
		const work = async () => {
			while (begun < items.length && (begun < least || Date.now() < until)) {
				const item = items[begun];
				begun += 1;
				if (!item || !this.#goesOn(id)) return;
				await this.#runItem(job, item);
			}
		};
		await Promise.all(Array.from({ length: AT_ONCE }, work));
	}

	async #runItem(job: StoredJob, item: OpenItem): Promise<void> {
		const { storage, store, publisher, fleet, states } = this.#parts;
		const before = states.runState(item.key);
		const triedAt = item.isRepeat ? item.triedAt : Date.now();
		store.items.begin(job, item.item, triedAt);
		const { end, result } = await this.#attempts(job, { ...item, triedAt });
		const { action, ...detail } = job.command;
		storage.transactionSync(() => {
			store.items.end(job, item.item, end, Date.now());
			fleet.audit.add(
				{
					at: Date.now(),
					...{ by: job.by, subject: job.subject },
					action: requestOf(action),
					target: item.key,
					detail: toJson({ job: runKey({ workflow: BULK_WORKFLOW, id: job.id }), ...detail }),
					...{ result, reason: job.command.reason ?? null },
					...{ before, after: states.runState(item.key) }
				},
				`${BULK_WORKFLOW}/${job.id}#${item.item}`
			);
		});
		publisher.publishChanges(AUDIT_CHANGE);
	}

	/** An unavailable Agent may have carried it out before: what is repeated says so. */
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
				const kind = problemKind(error.problem);
				if (kind !== 'unavailable' || pauseMs === null) {
					const end = endOf(job.command.action, error.problem, isRepeat);
					return { end, result: end.state === 'done' ? 'done' : kind };
				}
				await scheduler.wait(pauseMs);
			}
		}
		throw new Error('unreachable');
	}

	async #act({ command, by }: StoredJob, item: OpenItem, isRepeat: boolean): Promise<unknown> {
		const { runs } = this.#parts;
		const ref = refOf(item.key);
		const person = personOf(by);
		switch (command.action) {
			case 'restart':
				return runs.restart({ ...ref, from: command.from }, person, {
					generation: item.generation
				});
			case 'terminate':
				return runs.terminate(ref, person);
			case 'send-event':
				return runs.sendEvent(
					{ ...ref, event: command.event },
					isRepeat ? { triedAt: item.triedAt } : {}
				);
			case 'delete':
				return runs.delete(ref, person);
			default:
				return runs.control(command.action, ref);
		}
	}

	/** Does the job go on? Not when it was aborted, nor while its run is paused or has ended. */
	#goesOn(id: string): boolean {
		const run = this.#parts.fleet.runs.get(runKey({ workflow: BULK_WORKFLOW, id }))?.run;
		if (this.#job(id).aborted) return false;
		return !run || !(isEnded(run.status) || ['paused', 'waitingForPause'].includes(run.status));
	}

	#job(id: string): StoredJob {
		const job = this.#parts.store.get(id);
		if (job) return job;
		throw new Error(bulkText.unknownJob(id));
	}
}

/** Who is recorded as the person who did it. What they may do was checked when the job began. */
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
		reject(new ProblemError('internal', bulkText.noAnswer(limitMs / 1000)));
	}, limitMs);
	return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
