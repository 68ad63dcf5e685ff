// How runs come to be known: written down before the engine is asked, found again when the Agent
// died in between, and taken in when they were started around it.
import {
	ProblemError,
	runIdSchema,
	runKey,
	toJson,
	type AgentRef,
	type Json,
	type JsonObject,
	type RunRef
} from '../../../protocol';
import { InstanceNotFoundError, type Engine } from '../history/engine';
import { idTaken, type RunStore } from '../store/run-store';
import type { SdkTracking } from '../history/sdk-tracking';

/** A run that is about to be started. */
export type Intent = {
	ref: RunRef;
	params: Json;
	metadata: JsonObject;
	parent: RunRef | null;
	startedBy: string | null;
};

export type BeginningsHost = {
	runs: RunStore;
	engine: Engine;
	sdk: SdkTracking;
	/** The Agent's address; known once it has started. */
	agent: () => AgentRef;
	/** The engine has it: from now on its history is read. */
	started: (ref: RunRef) => void;
};

/** A run that was meant to be started is looked for after this, Ms, though nobody called. */
const INTENT_MS = 10_000;

export class Beginnings {
	readonly #host: BeginningsHost;

	constructor(host: BeginningsHost) {
		this.#host = host;
	}

	/**
	 * Writes down that a run is about to be started: if the Agent dies between the engine's
	 * `create` and the answer, the run is found all the same.
	 * @throws ProblemError `id-taken`, `invalid-input`
	 */
	intend(intent: Intent): void {
		const { runs, sdk } = this.#host;
		const id = runIdSchema.safeParse(intent.ref.id);
		if (!id.success) throw new ProblemError('invalid-input', `id ${id.error.issues[0]?.message}`);
		if (runs.get(intent.ref) || sdk.taken(intent.ref.id)) throw idTaken(intent.ref);
		this.#keep(intent, Date.now());
	}

	/**
	 * The engine refused to create the run, or did not answer. It is forgotten when the engine has
	 * none, or when the one it has is not the one that was to be started. Always throws.
	 */
	async abandoned(ref: RunRef, error: unknown): Promise<never> {
		const { runs, engine, started } = this.#host;
		if (error instanceof Error && /already.exists/i.test(error.message)) {
			runs.forget(ref);
			throw idTaken(ref);
		}
		try {
			await engine.instance(ref);
			started(ref);
		} catch (reason) {
			if (reason instanceof InstanceNotFoundError) runs.forget(ref);
		}
		throw error;
	}

	/**
	 * Begins to keep a run that the engine has and nobody tracks. Answers whether it was not kept yet.
	 * @throws ProblemError `unknown-run` when the engine has no such instance
	 */
	async adopt(ref: RunRef): Promise<boolean> {
		const { runs, engine } = this.#host;
		if (runs.get(ref)) return false;
		try {
			await engine.instance(ref);
		} catch (error) {
			if (!(error instanceof InstanceNotFoundError)) throw error;
			throw new ProblemError('unknown-run', `The engine has no instance ${runKey(ref)}.`);
		}
		this.keepUntracked(ref);
		return true;
	}

	/** Keeps a run that was started before, around, or without this monitor, unless it is kept. */
	keepUntracked(ref: RunRef): void {
		const { runs, sdk } = this.#host;
		if (runs.get(ref)) return;
		const tracked = sdk.row(ref);
		const metadata = toJson(tracked?.metadata ?? {});
		const known = typeof metadata === 'object' && metadata && !Array.isArray(metadata);
		this.#keep(
			{ ref, params: null, metadata: known ? metadata : {}, parent: null, startedBy: null },
			tracked?.createdAt.getTime() ?? Date.now()
		);
	}

	#keep({ ref, params, metadata, parent, startedBy }: Intent, createdAt: number): void {
		const now = Date.now();
		this.#host.runs.insert(
			{
				...{ ref, generation: 1, agent: this.#host.agent(), parent, metadata, params },
				...{ progress: null, startedBy, createdAt, touchedAt: now, lost: false }
			},
			now + INTENT_MS
		);
	}
}
