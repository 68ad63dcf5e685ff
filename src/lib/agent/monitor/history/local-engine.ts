// What the Workflows engine of `wrangler dev` leaves undone, and how it is helped on: with an event
// that no workflow waits for. In production the engine sees to all that, and nothing here happens.
import { nextDueAt, type RunHistory, type RunRef } from '../../../protocol';
import type { Engine } from './engine';
import type { RunStore } from '../store/run-store';
import type { Tails } from './tails';

export type LocalEngineHost = {
	env: object;
	storage: DurableObjectStorage;
	engine: Engine;
	runs: RunStore;
	tails: Tails;
};

/** A sleep is nudged when its time has passed for so long, Ms. */
const OVERDUE_MS = 1_000;
const NUDGE = { type: 'signalbox-nudge', payload: null } as const;
const PROCESS_KEY = 'signalbox:process';

/** Which process this is; chosen when it is first asked for, since nothing is random before. */
let processName: string | undefined;

export class LocalEngine {
	readonly #host: LocalEngineHost;

	constructor(host: LocalEngineHost) {
		this.#host = host;
	}

	/**
	 * The Agent begins. When the server was started again, whatever ran, slept or waited before
	 * stands still until an event reaches it.
	 */
	async begin(): Promise<void> {
		if (!this.#isLocal() || !this.#isNewProcess()) return;
		for (const ref of this.#host.runs.active()) await this.#nudge(ref);
	}

	/** A look found nothing new: a sleep may be overslept, or a resume have come before its pause. */
	async still(ref: RunRef, history: RunHistory): Promise<void> {
		if (!this.#isLocal()) return;
		const due = nextDueAt(history);
		const isOverdue = due !== null && due < Date.now() - OVERDUE_MS;
		if (isOverdue || (history.phase === 'paused' && (await this.#isQueued(ref)))) {
			await this.#nudge(ref);
		}
	}

	async #nudge(ref: RunRef): Promise<void> {
		try {
			await this.#host.engine.sendEvent(ref, NUDGE);
			await this.#host.tails.catchUp(ref);
		} catch {
			// It has ended meanwhile, or the engine is away: the next look sees which.
		}
	}

	/** Resumed too early the engine stays `queued` for ever, though its history says `paused`. */
	async #isQueued(ref: RunRef): Promise<boolean> {
		try {
			return (await this.#host.engine.status(ref)).status === 'queued';
		} catch {
			return false; // the engine is away: the next look asks again
		}
	}

	#isLocal(): boolean {
		return Reflect.get(this.#host.env, 'AUTH') === 'local';
	}

	#isNewProcess(): boolean {
		const { kv } = this.#host.storage;
		processName ??= crypto.randomUUID();
		if (kv.get(PROCESS_KEY) === processName) return false;
		kv.put(PROCESS_KEY, processName);
		return true;
	}
}
