// Works around what the Workflows engine of `wrangler dev` leaves undone: it wakes a stalled run with
// an event that no workflow waits for. In production the engine does this itself, and nothing here
// happens.
import { nextDueAt, type RunHistory, type RunRef } from '../../../protocol';
import type { AgentRunStore } from '../store/run-store';
import type { Engine } from './engine';

/** A sleep is overdue when it should have ended this long ago, Ms. */
const OVERDUE_MS = 1_000;
const NUDGE = { type: 'signalbox-nudge', payload: null } as const;
const PROCESS_KEY = 'signalbox:process';

/** Identifies this process; chosen on first use, since Workers forbid randomness at load time. */
let processName: string | undefined;

export type LocalEngineParts = {
	env: object;
	storage: Pick<DurableObjectStorage, 'kv'>;
	engine: Pick<Engine, 'sendEvent' | 'getStatus'>;
	runs: Pick<AgentRunStore, 'activeRuns'>;
};

/** Does Signalbox run under `wrangler dev`? Only the scripts and tests set `AUTH=local`. */
function isLocal(env: object): boolean {
	return Reflect.get(env, 'AUTH') === 'local';
}

/**
 * Gives other work a turn, locally only: there all Agents and workflows share one thread, and a run
 * that reports progress in every step would keep all requests waiting.
 */
export async function yieldLocalThread(env: object): Promise<void> {
	if (isLocal(env)) await scheduler.wait(1);
}

export class LocalEngine {
	readonly #parts: LocalEngineParts;

	constructor(parts: LocalEngineParts) {
		this.#parts = parts;
	}

	/**
	 * Wakes the active runs after a restart of the local server, where all of them stand still.
	 * @returns The runs that it woke.
	 */
	async wakeRunsAfterRestart(): Promise<RunRef[]> {
		const { env, runs } = this.#parts;
		if (!isLocal(env) || !this.#isNewProcess()) return [];
		const woken: RunRef[] = [];
		for (const ref of runs.activeRuns()) if (await this.#nudgeRun(ref)) woken.push(ref);
		return woken;
	}

	/**
	 * Wakes a run whose sleep is overdue, or whose resume came before its pause had finished.
	 * @returns Whether it woke the run.
	 */
	async wakeStalledRun(ref: RunRef, history: RunHistory): Promise<boolean> {
		if (!isLocal(this.#parts.env)) return false;
		const due = nextDueAt(history);
		const isOverdue = due !== null && due < Date.now() - OVERDUE_MS;
		const isStalled =
			isOverdue || (history.phase === 'paused' && (await this.#isQueuedInEngine(ref)));
		return isStalled && this.#nudgeRun(ref);
	}

	async #nudgeRun(ref: RunRef): Promise<boolean> {
		try {
			await this.#parts.engine.sendEvent(ref, NUDGE);
			return true;
		} catch {
			return false; // it ended meanwhile, or the engine is unreachable: the next read shows which
		}
	}

	/** Resumed too early, the local engine stays `queued` although its history says `paused`. */
	async #isQueuedInEngine(ref: RunRef): Promise<boolean> {
		try {
			return (await this.#parts.engine.getStatus(ref)).status === 'queued';
		} catch {
			return false; // the engine is unreachable: the next read asks again
		}
	}

	#isNewProcess(): boolean {
		const { kv } = this.#parts.storage;
		processName ??= crypto.randomUUID();
		if (kv.get(PROCESS_KEY) === processName) return false;
		kv.put(PROCESS_KEY, processName);
		return true;
	}
}
