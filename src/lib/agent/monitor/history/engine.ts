// The Workflows engine as the monitor sees it: one binding a workflow, one handle an instance.
import { toJson, type CoarseStatus, type Json, type Restart, type RunRef } from '../../../protocol';
import { lastingFeed, RenewedFeed, type HistoryFeed, type HistorySource } from './history-feed';
import { HistoryReading, type Subscription } from './history-reading';

/** The engine has no instance of this id: it was never created, was deleted, or has expired. */
export class InstanceNotFoundError extends Error {
	override readonly name = 'InstanceNotFoundError';
}

/** The engine does not hand out histories (an older runtime): only `status()` is left. */
export class HistoryUnavailableError extends Error {
	override readonly name = 'HistoryUnavailableError';
}

/** What a runtime without histories says: `subscribe` is no method of its instances. */
const UNAVAILABLE = /\bsubscribe\b/;
const NOT_FOUND = /instance\.not_found|not found|does not exist/i;

function isBinding(value: unknown): value is Workflow {
	return typeof value === 'object' && value !== null && 'create' in value && 'get' in value;
}

export class Engine {
	readonly #env: object;
	readonly #source: () => HistorySource | null;

	/**
	 * @param env The Worker's bindings.
	 * @param source Who reads histories for an Agent; null where the Worker exports no
	 * `HistoryReader`. Then the Agent subscribes itself, and does not hibernate while a run waits.
	 */
	constructor(env: object, source: () => HistorySource | null = () => null) {
		this.#env = env;
		this.#source = source;
	}

	/** Is there a workflow binding of this name? */
	has(workflow: string): boolean {
		return isBinding(Reflect.get(this.#env, workflow));
	}

	/** @throws InstanceNotFoundError */
	async instance(ref: RunRef): Promise<WorkflowInstance> {
		const binding: unknown = Reflect.get(this.#env, ref.workflow);
		if (!isBinding(binding)) throw new InstanceNotFoundError(`no workflow binding ${ref.workflow}`);
		return translate(ref, () => binding.get(ref.id));
	}

	/**
	 * Opens the history after the event `cursor`.
	 * @throws InstanceNotFoundError, HistoryUnavailableError
	 */
	async subscribe(ref: RunRef, cursor: number): Promise<HistoryFeed> {
		const source = this.#source();
		if (source) {
			// At each opening anew: an instance can be deleted while its history is read.
			const open: HistorySource['open'] = (...asked) => translate(ref, () => source.open(...asked));
			return RenewedFeed.open({ open }, ref, cursor);
		}
		return lastingFeed(new HistoryReading(await this.subscribeDirectly(ref, cursor)));
	}

	/** The same by the engine's own subscription. */
	async subscribeDirectly(ref: RunRef, cursor: number): Promise<Subscription> {
		const instance = await this.instance(ref);
		return translate(ref, () => instance.subscribe({ cursor }));
	}

	/** @throws InstanceNotFoundError */
	async status(ref: RunRef): Promise<CoarseStatus> {
		const instance = await this.instance(ref);
		const { status, error, output } = await translate(ref, () => instance.status());
		return { status, error, output: toJson(output) };
	}

	/** Restarts from a step of the history; the SDK's own restart knows the beginning only. */
	async restartFrom(ref: RunRef, from: NonNullable<Restart['from']>): Promise<void> {
		const instance = await this.instance(ref);
		const { name, count, type } = from;
		await instance.restart({
			from: { name, ...(count === undefined ? {} : { count }), ...(type ? { type } : {}) }
		});
	}

	async sendEvent(ref: RunRef, event: { type: string; payload: Json }): Promise<void> {
		const instance = await this.instance(ref);
		await instance.sendEvent(event);
	}
}

/** The part of `ctx.exports` that is of use here. */
export function sourceIn(exports: unknown): HistorySource | null {
	const reader: unknown = Object(exports)['HistoryReader'];
	// What the Worker exports under this name is ours; a stub tells nothing of its methods.
	return reader ? (reader as HistorySource) : null;
}

async function translate<T>(ref: RunRef, call: () => Promise<T>): Promise<T> {
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
