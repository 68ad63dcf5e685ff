// Carries a purge out, part by part. A part is safe to repeat: what it deleted has a tombstone of this
// purge, and the counts change in the transactions that delete.
import {
	isEnded,
	ProblemError,
	problemKind,
	runKey,
	type KeptReason,
	type PurgeSettings,
	type RunRef
} from '../../../protocol';
import { agentErrorText } from '../../../messages/server/agent-errors';
import { purgeText } from '../../../messages/server/purge';
import { forgetRuns, type AgentRpc } from '../../rpc/agent-client';
import { withTimeout } from '../../rpc/with-timeout';
import type { ChangePublisher } from '../change-publisher';
import { AUDIT_CHANGE } from '../change-set';
import type { Fleet } from '../fleet';
import { deleteInstances } from './purge-instances';
import { paceOf } from './purge-progress';
import { findRuns, keptNow, type FoundRun } from './purge-select';
import type { PurgePart, PurgeStore, StoredPurge } from './purge-store';

/** How many parts are in hand at once: each waits for its Agent most of the time. */
const AT_ONCE = 2;
/** A batch ends after this time, Ms, so that progress is reported; the engine allows 1,024 steps. */
const BATCH = { ms: 2_000, steps: 800 } as const;
/** So many runs leave the index in one go: others get their turn in between. */
const SLICE = 25;
/** The pause between two of them, Ms. */
const PAUSE_MS = 2;
/** An Agent that does not answer in this time is unavailable, Ms. */
const ANSWER_MS = 30_000;
/** An unavailable Agent is called again after these pauses, Ms. */
const AGAIN_AFTER_MS = [500, 2_000];

/** How far a purge has come. */
export type PurgeBatch = {
	deleted: number;
	kept: number;
	failed: number;
	/** Is there anything left to do? */
	left: boolean;
	abortedBy: string | null;
	perSecond: number | null;
	leftMs: number | null;
};

export type PurgeRunnerParts = {
	storage: Pick<DurableObjectStorage, 'sql' | 'transactionSync'>;
	env: object;
	fleet: Fleet;
	agents: AgentRpc;
	store: PurgeStore;
	publisher: Pick<ChangePublisher, 'publishChanges'>;
	settings: PurgeSettings;
};

type Refusal = { message: string };

export class PurgeRunner {
	readonly #parts: PurgeRunnerParts;
	/** Batches in progress: a retried step joins the one that is still running. */
	readonly #running = new Map<string, Promise<PurgeBatch>>();
	/** Agents that could not be reached, by purge: their other parts do not wait for them again. */
	readonly #unreachable = new Map<string, Map<string, string>>();
	/** Slices leave the index one after the other, whatever part they are of. */
	#lastSlice: Promise<void> = Promise.resolve();

	constructor(parts: PurgeRunnerParts) {
		this.#parts = parts;
	}

	/** Deletes the next runs of a purge. Safe to repeat. @throws Error when there is no such purge */
	deleteNext(id: string): Promise<PurgeBatch> {
		const batch =
			this.#running.get(id) ?? this.#runBatch(id).finally(() => this.#running.delete(id));
		this.#running.set(id, batch);
		return batch;
	}

	async #runBatch(id: string): Promise<PurgeBatch> {
		const { store } = this.#parts;
		const purge = this.#purge(id);
		const [begunAt, before] = [Date.now(), store.left(purge)];
		const least = Math.ceil(before.parts / BATCH.steps);
		let begun = 0;
		const inHand = new Set<number>();
		const work = async () => {
			while (begun < least || Date.now() < begunAt + BATCH.ms) {
				const part = store.nextParts(purge, AT_ONCE + 1).find((next) => !inHand.has(next.part));
				if (!part || !this.#goesOn(id)) return;
				begun += 1;
				inHand.add(part.part);
				await this.#runPart(purge, part);
			}
		};
		await Promise.all(Array.from({ length: AT_ONCE }, work));
		const left = store.left(purge);
		const { abortedBy } = this.#purge(id);
		if (left.parts === 0 || abortedBy !== null) this.#end(id);
		const { deleted, outcome } = this.#purge(id);
		const handled = { runs: before.runs - left.runs, ms: Date.now() - begunAt };
		return {
			...{ deleted, abortedBy, left: left.parts > 0 && abortedBy === null },
			kept: Object.values(outcome.kept).reduce((all, runs) => all + runs, 0),
			failed: Object.values(outcome.failed).reduce((all, { runs }) => all + runs, 0),
			...paceOf(handled, left.runs)
		};
	}

	async #runPart(purge: StoredPurge, part: PurgePart): Promise<void> {
		const { storage, store } = this.#parts;
		store.begin(part);
		const own = runKey({ workflow: 'PURGE', id: purge.id });
		const kept = new Map<string, KeptReason>();
		const chosen: FoundRun[] = [];
		for (const found of findRuns(storage.sql, part.items)) {
			if (found.now === null && found.deletedBy === own) continue; // by this part, before a crash
			const reason = keptNow(found);
			if (reason) kept.set(found.key, reason);
			else chosen.push(found);
		}
		const failures = new Map<string, { runs: number; message: string }>();
		const gone: string[] = [];
		for (const [path, runs] of Map.groupBy(chosen, ({ now }) => now?.path ?? part.agent)) {
			const keys = runs.map(({ key }) => key);
			const refused = await this.#forget(purge, path, keys, kept);
			if (refused) failures.set(path, { runs: keys.length, ...refused });
			else gone.push(...keys.filter((key) => !kept.has(key)));
		}
		const instances = purge.instances ? await deleteInstances(this.#parts.env, gone) : null;
		// Another purge may have removed some of them meanwhile.
		const removed = await this.#remove(purge, gone);
		for (const key of gone) if (!removed.has(key)) kept.set(key, 'deleted');
		storage.transactionSync(() =>
			store.endPart(purge, part, (outcome) => {
				for (const reason of kept.values()) {
					outcome.kept[reason] = (outcome.kept[reason] ?? 0) + 1;
				}
				for (const [path, { runs, message }] of failures) {
					const known = outcome.failed[path]?.runs ?? 0;
					outcome.failed[path] = { runs: known + runs, message };
				}
				if (instances) outcome.instances = instances(outcome.instances);
			})
		);
	}

	/** Has an Agent delete its records. Returns why it could not; what it keeps is added to `kept`. */
	async #forget(
		purge: StoredPurge,
		path: string,
		keys: readonly string[],
		kept: Map<string, KeptReason>
	): Promise<Refusal | null> {
		const known = this.#unreachable.get(purge.id)?.get(path);
		if (known !== undefined) return { message: known };
		try {
			await this.#call(path, keys.map(refOf));
			return null;
		} catch (error) {
			if (!(error instanceof ProblemError)) throw error;
			if (problemKind(error.problem) === 'wrong-state' && keys.length > 1) {
				for (const key of keys) {
					const refused = await this.#forget(purge, path, [key], kept);
					if (refused) return refused;
				}
				return null;
			}
			if (problemKind(error.problem) === 'wrong-state') {
				for (const key of keys) kept.set(key, 'restarted');
				return null;
			}
			const { detail: message } = error.problem;
			const others = this.#unreachable.get(purge.id) ?? new Map<string, string>();
			this.#unreachable.set(purge.id, others.set(path, message));
			return { message };
		}
	}

	async #call(path: string, refs: RunRef[]): Promise<void> {
		for (const pauseMs of [...AGAIN_AFTER_MS, null]) {
			try {
				const answered = forgetRuns(this.#parts.agents, path, refs).then(() => 'done' as const);
				if ((await withTimeout(answered, ANSWER_MS)) === 'done') return;
				throw new ProblemError('unavailable', agentErrorText.noAnswer(path, ANSWER_MS / 1_000));
			} catch (error) {
				const isAway =
					error instanceof ProblemError && problemKind(error.problem) === 'unavailable';
				if (!isAway || pauseMs === null) throw error;
				await scheduler.wait(pauseMs);
			}
		}
	}

	/** Removes runs from the index, and answers with those that it had. */
	async #remove(purge: StoredPurge, keys: readonly string[]): Promise<Set<string>> {
		const { fleet, store, publisher } = this.#parts;
		const by = runKey({ workflow: 'PURGE', id: purge.id });
		const removal = { by, person: purge.by, policy: purge.policy };
		const all = new Set<string>();
		for (let at = 0; at < keys.length; at += SLICE) {
			const refs = keys.slice(at, at + SLICE).map(refOf);
			const slice = this.#lastSlice.then(async () => {
				const changes = fleet.remove(refs, { ...removal, at: Date.now() }, (removed) =>
					store.countDeleted(purge, removed)
				);
				for (const key of changes.runs) all.add(key);
				publisher.publishChanges(changes);
				await scheduler.wait(PAUSE_MS);
			});
			this.#lastSlice = slice.catch(() => undefined); // its own part fails, no other
			await slice;
		}
		return all;
	}

	/** Records how a purge ended, once. */
	#end(id: string): void {
		const { storage, store, fleet, publisher, settings } = this.#parts;
		const purge = this.#purge(id);
		if (purge.state === 'ended') return;
		this.#unreachable.delete(id);
		const target = runKey({ workflow: 'PURGE', id });
		const { by, subject, policy, deleted, outcome, counts, abortedBy } = purge;
		storage.transactionSync(() => {
			store.end(purge);
			fleet.audit.add(
				{
					...{ at: Date.now(), by, subject, action: 'purge.ended', target },
					detail: { total: counts.total, deleted, policy, abortedBy, ...outcome },
					result: 'done'
				},
				`${target} ended`
			);
		});
		fleet.runs.dropTombstones(Date.now() - settings.tombstoneMs);
		publisher.publishChanges(AUDIT_CHANGE);
	}

	/** Does the purge go on? Not when it was aborted, nor while its run is paused or has ended. */
	#goesOn(id: string): boolean {
		const run = this.#parts.fleet.runs.get(runKey({ workflow: 'PURGE', id }))?.run;
		if (this.#purge(id).abortedBy !== null) return false;
		return !run || !(isEnded(run.status) || ['paused', 'waitingForPause'].includes(run.status));
	}

	#purge(id: string): StoredPurge {
		const purge = this.#parts.store.get(id);
		if (purge) return purge;
		throw new Error(purgeText.unknownJob(id));
	}
}

function refOf(key: string): RunRef {
	const [workflow = '', id = ''] = key.split('/');
	return { workflow, id };
}
