// The Workflows engine as the monitor uses it: one binding for each workflow, one handle for each instance.
import {
	valueToJson,
	type CoarseStatus,
	type Json,
	type Restart,
	type RunRef
} from '../../../protocol';
import { agentErrorText } from '../../../messages/server/agent-errors';
import {
	RenewedFeed,
	singleReadingFeed,
	type HistoryFeed,
	type HistorySource
} from './history-feed';
import { HistoryReading, type HistorySubscription } from './history-reading';

/** The engine has no instance of this id: it was never created, was deleted, or has expired. */
export class InstanceNotFoundError extends Error {
	override readonly name = 'InstanceNotFoundError';
}

/** The Worker has no workflow binding of this name: it was renamed or removed. */
export class MissingBindingError extends Error {
	override readonly name = 'MissingBindingError';

	constructor(workflow: string) {
		super(agentErrorText.missingBinding(workflow));
	}
}

/** The engine does not hand out histories (an older runtime): only `status()` is left. */
export class HistoryUnavailableError extends Error {
	override readonly name = 'HistoryUnavailableError';
}

/** A runtime without histories names the missing method `subscribe` in its error. */
const UNAVAILABLE = /\bsubscribe\b/;
const NOT_FOUND = /instance\.not_found|not found|does not exist/i;

function isBinding(value: unknown): value is Workflow {
	return typeof value === 'object' && value !== null && 'create' in value && 'get' in value;
}

export class Engine {
	readonly #env: object;
	readonly #ctx: object | null;

	/**
	 * @param env The bindings of the Worker.
	 * @param ctx The context whose `exports` may have a `HistoryReader`. Without one the Agent
	 * subscribes itself, and does not hibernate while a run waits.
	 */
	constructor(env: object, ctx: object | null = null) {
		this.#env = env;
		this.#ctx = ctx;
	}

	hasWorkflow(workflow: string): boolean {
		return isBinding(Reflect.get(this.#env, workflow));
	}

	/** @throws InstanceNotFoundError, MissingBindingError */
	async getInstance(ref: RunRef): Promise<WorkflowInstance> {
		const binding: unknown = Reflect.get(this.#env, ref.workflow);
		if (!isBinding(binding)) throw new MissingBindingError(ref.workflow);
		return translateErrors(ref, () => binding.get(ref.id));
	}

	/**
	 * Opens the history after the event `cursor`.
	 * @throws InstanceNotFoundError, HistoryUnavailableError, MissingBindingError
	 */
	async subscribe(ref: RunRef, cursor: number): Promise<HistoryFeed> {
		if (!this.hasWorkflow(ref.workflow)) throw new MissingBindingError(ref.workflow);
		const source = historySourceIn(this.#ctx);
		if (source) {
			// Translates at each opening: an instance can be deleted while its history is read.
			const open: HistorySource['open'] = (...asked) =>
				translateErrors(ref, () => source.open(...asked));
			return RenewedFeed.open({ open }, ref, cursor);
		}
		return singleReadingFeed(new HistoryReading(await this.subscribeDirectly(ref, cursor)));
	}

	/** Subscribes to the instance itself. @throws InstanceNotFoundError, HistoryUnavailableError */
	async subscribeDirectly(ref: RunRef, cursor: number): Promise<HistorySubscription> {
		const instance = await this.getInstance(ref);
		return translateErrors(ref, () => instance.subscribe({ cursor }));
	}

	/**
	 * The Agent that started a run, by the keys that the SDK adds to the params; null for a run that
	 * was created without an Agent.
	 * @throws InstanceNotFoundError, HistoryUnavailableError
	 */
	async findStarter(ref: RunRef): Promise<{ binding: string; name: string } | null> {
		const feed = await this.subscribe(ref, 0);
		try {
			const { events } = await feed.next();
			for (const event of events) {
				const params: unknown = Object(event)['params'];
				const { __agentBinding: binding, __agentName: name } = Object(params);
				if (typeof binding === 'string' && typeof name === 'string') return { binding, name };
			}
			return null;
		} finally {
			feed[Symbol.dispose]?.();
		}
	}

	/** @throws InstanceNotFoundError */
	async getStatus(ref: RunRef): Promise<CoarseStatus> {
		const instance = await this.getInstance(ref);
		const { status, error, output } = await translateErrors(ref, () => instance.status());
		return { status, error, output: output === undefined ? null : valueToJson(output) };
	}

	/** Restarts from a step of the history. The SDK's own restart always starts at the beginning. */
	async restartFromStep(ref: RunRef, from: NonNullable<Restart['from']>): Promise<void> {
		const instance = await this.getInstance(ref);
		const { name, count, type } = from;
		await instance.restart({
			from: { name, ...(count === undefined ? {} : { count }), ...(type ? { type } : {}) }
		});
	}

	async sendEvent(ref: RunRef, event: { type: string; payload: Json }): Promise<void> {
		const instance = await this.getInstance(ref);
		await instance.sendEvent(event);
	}
}

function historySourceIn(ctx: object | null): HistorySource | null {
	const reader: unknown = ctx && Object(Reflect.get(ctx, 'exports'))['HistoryReader'];
	return reader ? (reader as HistorySource) : null; // the Worker exports ours under this name
}

async function translateErrors<T>(ref: RunRef, call: () => Promise<T>): Promise<T> {
	try {
		return await call();
	} catch (error) {
		if (error instanceof Error && NOT_FOUND.test(error.message)) {
			throw new InstanceNotFoundError(`${ref.workflow}/${ref.id}: ${error.message}`);
		}
		if (error instanceof Error && UNAVAILABLE.test(error.message)) {
			throw new HistoryUnavailableError(error.message);
		}
		throw error;
	}
}
