// The Workflows engine itself, asked past Signalbox: what is shown is compared with this.
import type { TestHarness } from 'wrangler';
import { parseEngineEvent, type RunEvent, type RunRef } from '../../../src/lib/protocol';

export class Engine {
	readonly #harness: TestHarness;

	constructor(harness: TestHarness) {
		this.#harness = harness;
	}

	async instance({ workflow, id }: RunRef): Promise<WorkflowInstance> {
		const env: Record<string, Workflow> = await this.#harness.getWorker().getEnv();
		const binding = env[workflow];
		if (!binding) throw new Error(`There is no workflow binding ${workflow}.`);
		return binding.get(id);
	}

	/** The whole history of a run that has ended, without the SDK's own keys. */
	async history(ref: RunRef): Promise<RunEvent[]> {
		const subscription = await (await this.instance(ref)).subscribe({ cursor: 0 });
		const events: RunEvent[] = [];
		for (;;) {
			const { done, value } = await subscription.next();
			if (done) return events;
			const event = parseEngineEvent(value);
			if (event) events.push(event);
		}
	}
}
