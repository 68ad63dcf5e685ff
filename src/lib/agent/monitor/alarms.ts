// Alarms with millisecond precision: the SDK's `schedule()` rounds to whole seconds, its lifecycle
// job queue does not. A sub-agent has no alarm of its own: the root Agent keeps it and routes it back.
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

/** What an alarm wakes: the monitor of the Agent. */
export interface AlarmTarget {
	/** Runs at every start of the Agent, before it handles anything. */
	start(): void;
	/** Runs when the alarm goes off, and possibly sooner. */
	runDueWork(): Promise<void>;
}

export class Alarms extends LifecycleCapability {
	#target: AlarmTarget | null = null;
	#armedAt: number | null | undefined;

	readonly #jobPrefix: string;

	/** @param name tells the alarms of one Agent apart: its jobs are stored under it; never changed */
	constructor(
		name: 'signalbox-wake' | 'signalbox-session' | 'signalbox-retention' = 'signalbox-wake'
	) {
		super(`${name}s`);
		this.#jobPrefix = name;
	}

	/** Sets what to wake. The target needs the alarms itself, so it cannot be a constructor argument. */
	setTarget(target: AlarmTarget): void {
		this.#target = target;
	}

	override onStart(): void {
		this.#target?.start();
	}

	/** Sets the alarm to a time, Ms, or cancels it with null. Replaces the previous alarm. */
	async setAlarm(at: number | null): Promise<void> {
		if (at === this.#armedAt) return;
		this.#armedAt = at;
		if (this.lifecycle.routes.source) {
			await this.lifecycle.routes.toRoot({ kind: 'arm', at } satisfies Message);
		} else {
			await this.#pushJob('own', at, null);
		}
	}

	async onJob({ job }: LifecycleJobContext): Promise<undefined> {
		const owner = addressSchema.safeParse(job.payload);
		if (owner.success) {
			await this.lifecycle.routes.to(owner.data, { kind: 'wake' } satisfies Message);
			return;
		}
		await this.#wakeTarget();
	}

	async onRoute({ source, payload }: LifecycleRouteContext): Promise<void> {
		const message = messageSchema.parse(payload);
		if (message.kind === 'wake') await this.#wakeTarget();
		else if (source) await this.#pushJob(source.key, message.at, source);
	}

	async #wakeTarget(): Promise<void> {
		this.#armedAt = undefined;
		await this.#target?.runDueWork();
	}

	async #pushJob(
		id: string,
		at: number | null,
		owner: LifecycleRouteAddress | null
	): Promise<void> {
		const jobId = `${this.#jobPrefix}:${id}`;
		if (at === null) await this.lifecycle.jobs.cancel(jobId);
		else await this.lifecycle.jobs.push({ id: jobId, fn: 'wake', time: at, payload: owner });
	}
}
