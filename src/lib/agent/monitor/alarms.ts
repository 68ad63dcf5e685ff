// Alarms to the millisecond. The SDK's `schedule()` rounds to whole seconds, its lifecycle's job
// queue does not (agents/docs/lifecycle.md, "The job queue"). A sub-agent has no alarm of its
// own: its wakes are kept by the root Agent, which routes them back.
import {
	LifecycleCapability,
	type LifecycleJobContext,
	type LifecycleRouteAddress,
	type LifecycleRouteContext
} from 'agents/lifecycle';
import { z } from 'zod';

const addressSchema = z.object({ key: z.string(), data: z.string() });
const messageSchema = z.discriminatedUnion('kind', [
	z.object({ kind: z.literal('arm'), at: z.number().nullable() }),
	z.object({ kind: z.literal('wake') })
]);
type Message = z.infer<typeof messageSchema>;

export type WakesHost = {
	/** Called at every start of the Agent, before it handles anything. */
	begin: () => void;
	/** Called when the time that was armed has come, and perhaps sooner. */
	wake: () => Promise<void>;
};

export class Wakes extends LifecycleCapability {
	readonly #host: WakesHost;
	#armedAt: number | null | undefined;

	constructor(host: WakesHost) {
		super('signalbox-wakes');
		this.#host = host;
	}

	override onStart(): void {
		this.#host.begin();
	}

	/** Asks to be woken at a time, Ms; null for never. Replaces what was asked before. */
	async arm(at: number | null): Promise<void> {
		if (at === this.#armedAt) return;
		this.#armedAt = at;
		if (this.lifecycle.routes.source) {
			await this.lifecycle.routes.toRoot({ kind: 'arm', at } satisfies Message);
		} else {
			await this.#push('own', at, null);
		}
	}

	async onJob({ job }: LifecycleJobContext): Promise<undefined> {
		const owner = addressSchema.safeParse(job.payload);
		if (owner.success) {
			await this.lifecycle.routes.to(owner.data, { kind: 'wake' } satisfies Message);
			return;
		}
		this.#armedAt = undefined;
		await this.#host.wake();
	}

	async onRoute({ source, payload }: LifecycleRouteContext): Promise<void> {
		const message = messageSchema.parse(payload);
		if (message.kind === 'wake') {
			this.#armedAt = undefined;
			await this.#host.wake();
		} else if (source) {
			await this.#push(source.key, message.at, source);
		}
	}

	async #push(id: string, at: number | null, owner: LifecycleRouteAddress | null): Promise<void> {
		const jobId = `signalbox-wake:${id}`;
		if (at === null) await this.lifecycle.jobs.cancel(jobId);
		else await this.lifecycle.jobs.push({ id: jobId, fn: 'wake', time: at, payload: owner });
	}
}
