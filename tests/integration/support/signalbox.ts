// A Signalbox of a test file's own, on real workerd: started before its tests, ended after them.
import { createTestHarness, type TestHarness, type TestHarnessOptions } from 'wrangler';
import { afterAll, beforeAll, inject } from 'vitest';
import type { OperationsAgent, StoreAgent } from '../../fixtures/worker';
import { Engine } from './engine';
import { EVE } from './people';
import { Person } from './person';
import { Socket, type SocketOptions } from './socket';

type WorkerInput = TestHarnessOptions['workers'][number];

export class Signalbox {
	#harness: TestHarness | undefined;
	#url: URL | undefined;

	async start(worker: WorkerInput): Promise<void> {
		this.#harness = createTestHarness({ workers: [worker] });
		this.#url = (await this.#harness.listen()).url;
	}

	async stop(): Promise<void> {
		await this.#harness?.close();
	}

	get harness(): TestHarness {
		if (!this.#harness) throw new Error('Signalbox runs inside tests only.');
		return this.#harness;
	}

	get url(): URL {
		if (!this.#url) throw new Error('Signalbox runs inside tests only.');
		return this.#url;
	}

	get engine(): Engine {
		return new Engine(this.harness);
	}

	/** The API as one person sees it; as one with every role when none is named. */
	as(person: string = EVE): Person {
		return new Person(this.url, person);
	}

	/** Opens a websocket to an Agent: `operations-agent/main`. */
	connect(agent: string, options: SocketOptions = {}): Promise<Socket> {
		return Socket.open(new URL(`/agents/${agent}`, this.url), { as: EVE, ...options });
	}

	/** A store's Agent, called by code as another Worker's would. */
	async agent(name: string): Promise<DurableObjectStub<StoreAgent>> {
		type StoreEnv = { StoreAgent: DurableObjectNamespace<StoreAgent> };
		const env = await this.harness.getWorker<StoreEnv>().getEnv();
		return env.StoreAgent.getByName(name);
	}

	/** Takes a store's Agent down at once, whatever it is doing. */
	async crash(name: string): Promise<void> {
		const agent = await this.agent(name);
		// The call dies with the Agent.
		await agent.crash().catch(() => undefined);
	}

	/** Takes the Operations agent down at once. */
	async crashOperations(): Promise<void> {
		type OperationsEnv = { OperationsAgent: DurableObjectNamespace<OperationsAgent> };
		const env = await this.harness.getWorker<OperationsEnv>().getEnv();
		// The call dies with the Agent.
		await env.OperationsAgent.getByName('main')
			.crash()
			.catch(() => undefined);
	}

	/** Takes an Agent's memory away while its open websockets hibernate. */
	async evict(binding: 'OperationsAgent' | 'StoreAgent', name: string): Promise<void> {
		await this.harness.getWorker().evictDurableObject(binding, { name, webSockets: 'hibernate' });
	}
}

/** Starts the Worker of tests/fixtures for this file. */
export function useSignalbox(vars: Record<string, string> = { AUTH: 'local' }): Signalbox {
	return use({
		configPath: './tests/fixtures/wrangler.jsonc',
		prebuiltWorkerDir: inject('fixtureWorker'),
		vars
	});
}

/** Starts any Worker for this file. */
export function use(worker: WorkerInput): Signalbox {
	const signalbox = new Signalbox();
	beforeAll(() => signalbox.start(worker));
	afterAll(() => signalbox.stop());
	return signalbox;
}
