// The app with a door for faults, which is nowhere but here. Its Agents are the app's own; what is added to them stands beside what they do, and changes none of it by itself.
import { z } from 'zod';
import {
	parseEngineEvent,
	runRefSchema,
	toJson,
	valueToJson,
	type Json,
	type RunEvent,
	type RunRef
} from '../../src/lib/protocol';
import app, {
	AisleAgent as PlainAisleAgent,
	OperationsAgent as PlainOperationsAgent,
	StoreAgent as PlainStoreAgent
} from '../../src/worker/index';
import { catalogue } from '../../src/worker/catalogue';
import { processing, twoGates, values } from '../fixtures/catalogue';
import { CallbackLog, type SaidProgress } from './callback-log';

export * from '../../src/worker/index';
export { ValuesWorkflow } from '../fixtures/values-workflow';
export { ProcessingWorkflow } from '../fixtures/processing-workflow';
export { TwoGatesWorkflow } from '../fixtures/two-gates-workflow';

catalogue.add(processing);
catalogue.add(twoGates);
catalogue.add(values);

type Callback = Parameters<PlainStoreAgent['onWorkflowCallback']>[0];
type Report = Parameters<PlainOperationsAgent['intake']>[0];

/** What an Agent knows of a run beside what Signalbox keeps. */
type Witness = { progress: SaidProgress[]; tracked: string | null; ledger: number };

export class AisleAgent extends PlainAisleAgent {
	readonly #callbacks = new CallbackLog<Callback>(this.ctx.storage.sql);

	override async onWorkflowCallback(callback: Callback): Promise<void> {
		this.#callbacks.record(callback);
		await super.onWorkflowCallback(callback);
	}

	async faultReplay(ref: RunRef): Promise<number> {
		const callbacks = this.#callbacks.of(ref);
		for (const callback of callbacks.toReversed()) await super.onWorkflowCallback(callback);
		return callbacks.length;
	}

	async faultWitness(ref: RunRef): Promise<Witness> {
		const tracked = this.getWorkflow(ref.id)?.status ?? null;
		return { progress: this.#callbacks.progressOf(ref), tracked, ledger: 0 };
	}
}

export class StoreAgent extends PlainStoreAgent {
	readonly #callbacks = new CallbackLog<Callback>(this.ctx.storage.sql);

	override async onWorkflowCallback(callback: Callback): Promise<void> {
		this.#callbacks.record(callback);
		await super.onWorkflowCallback(callback);
	}

	/** Ends this Agent where it stands: its memory is gone, and whoever calls it gets an error. */
	async faultAbort(): Promise<void> {
		this.ctx.abort('an eviction of the fault suite');
	}

	async faultDeleteAisle(aisle: string): Promise<void> {
		await this.deleteSubAgent(AisleAgent, aisle);
	}

	/** The SDK asks for a binding of the new name: here every name has one, in its own words. */
	async faultRename(from: string, to: string): Promise<void> {
		Reflect.set(this, '_findWorkflowBindingByName', () => true);
		try {
			this.migrateWorkflowBinding(from, to);
		} finally {
			Reflect.deleteProperty(this, '_findWorkflowBindingByName');
		}
	}

	/** Hands every callback that a run has ever made to its Agent once more, the oldest last. */
	async faultReplay(aisle: string | null, ref: RunRef): Promise<number> {
		if (aisle !== null) return (await this.dynamicAgents.get(AisleAgent, aisle)).faultReplay(ref);
		const callbacks = this.#callbacks.of(ref);
		for (const callback of callbacks.toReversed()) await super.onWorkflowCallback(callback);
		return callbacks.length;
	}

	async faultWitness(aisle: string | null, ref: RunRef): Promise<Witness> {
		if (aisle !== null) return (await this.dynamicAgents.get(AisleAgent, aisle)).faultWitness(ref);
		const ledger = this.ctx.storage.sql.exec('SELECT 1 FROM ledger WHERE id = ?', ref.id).toArray();
		const tracked = this.getWorkflow(ref.id)?.status ?? null;
		return { progress: this.#callbacks.progressOf(ref), tracked, ledger: ledger.length };
	}
}

export class OperationsAgent extends PlainOperationsAgent {
	#refuseUntil = 0;
	#delayUntil = 0;
	#delayMs = 0;

	override async intake(report: Report): ReturnType<PlainOperationsAgent['intake']> {
		if (Date.now() < this.#refuseUntil) throw new Error('The fault suite refuses this report.');
		if (Date.now() < this.#delayUntil) {
			await new Promise((resolve) => setTimeout(resolve, this.#delayMs));
		}
		return super.intake(report);
	}

	async faultAbort(): Promise<void> {
		this.ctx.abort('an eviction of the fault suite');
	}

	async faultIntake(mode: 'refuse' | 'delay', forMs: number, delayMs: number): Promise<void> {
		if (mode === 'refuse') {
			this.#refuseUntil = Date.now() + forMs;
		} else {
			this.#delayUntil = Date.now() + forMs;
			this.#delayMs = delayMs;
		}
	}
}

const onRun = { store: z.string(), aisle: z.string().nullable(), ref: runRefSchema };
const askedSchema = z.discriminatedUnion('ask', [
	z.object({ ask: z.literal('abort-store'), store: z.string() }),
	z.object({ ask: z.literal('abort-operations') }),
	z.object({ ask: z.literal('delete-aisle'), store: z.string(), aisle: z.string() }),
	z.object({ ask: z.literal('rename'), store: z.string(), from: z.string(), to: z.string() }),
	z.object({
		ask: z.literal('intake'),
		mode: z.enum(['refuse', 'delay']),
		forMs: z.number(),
		delayMs: z.number()
	}),
	z.object({ ask: z.literal('replay'), ...onRun }),
	z.object({ ask: z.literal('witness'), ...onRun }),
	z.object({ ask: z.literal('engine'), ref: runRefSchema }),
	z.object({
		ask: z.literal('outside'),
		ref: runRefSchema,
		change: z.enum(['pause', 'resume', 'terminate', 'restart'])
	})
]);
type Asked = z.infer<typeof askedSchema>;

function instanceOf(env: Env, { workflow, id }: RunRef): Promise<WorkflowInstance> {
	const binding: unknown = Reflect.get(env, workflow);
	return (binding as Workflow).get(id); // the suite asks for workflows that it has started
}

/** A history that has nothing to say for so long, Ms, is at its end for now. */
const QUIET_MS = 1_500;

/** The whole history of an instance, read from its beginning. */
async function historyOf(instance: WorkflowInstance): Promise<RunEvent[]> {
	const events: RunEvent[] = [];
	const subscription = await instance.subscribe({ cursor: 0 });
	try {
		for (;;) {
			const quiet = new Promise<null>((resolve) => setTimeout(() => resolve(null), QUIET_MS));
			const read = await Promise.race([subscription.next(), quiet]);
			if (!read || read.done) return events;
			const event = parseEngineEvent(read.value);
			if (event) events.push(event);
		}
	} finally {
		subscription[Symbol.dispose]?.();
	}
}

async function engineView(env: Env, ref: RunRef): Promise<Json> {
	let instance: WorkflowInstance;
	let found: InstanceStatus;
	try {
		instance = await instanceOf(env, ref);
		found = await instance.status();
	} catch (error) {
		if (error instanceof Error && /not.found|does not exist/i.test(error.message)) return null;
		throw error;
	}
	const events = await historyOf(instance);
	const output = found.output === undefined ? null : valueToJson(found.output);
	// JSON already; once more, and what is deeply nested would be cut at another level.
	return { status: found.status, output, events: events as unknown as Json };
}

type FaultyOperations = Pick<OperationsAgent, 'faultAbort' | 'faultIntake'>;
type FaultyStore = Pick<
	StoreAgent,
	'faultAbort' | 'faultReplay' | 'faultWitness' | 'faultDeleteAisle' | 'faultRename'
>;

/** The Agents of this Worker: the bindings' types know only those of the app. */
function agentsOf(env: Env): {
	operations: FaultyOperations;
	store: (name: string) => FaultyStore;
} {
	const operations: unknown = env.OperationsAgent.getByName(env.WORKSPACE);
	return {
		operations: operations as FaultyOperations,
		store: (name) => {
			const store: unknown = env.StoreAgent.getByName(name);
			return store as FaultyStore;
		}
	};
}

/** Who ends an Agent gets an error for an answer: that is how it looks from outside. */
async function aborted(abort: Promise<void>): Promise<null> {
	await abort.catch(() => undefined);
	return null;
}

async function answerDoor(env: Env, asked: Asked): Promise<Json> {
	const { operations, store } = agentsOf(env);
	switch (asked.ask) {
		case 'abort-store':
			return aborted(store(asked.store).faultAbort());
		case 'abort-operations':
			return aborted(operations.faultAbort());
		case 'delete-aisle':
			await store(asked.store).faultDeleteAisle(asked.aisle);
			return null;
		case 'rename':
			await store(asked.store).faultRename(asked.from, asked.to);
			return null;
		case 'intake':
			await operations.faultIntake(asked.mode, asked.forMs, asked.delayMs);
			return null;
		case 'replay':
			return store(asked.store).faultReplay(asked.aisle, asked.ref);
		case 'witness':
			return toJson(await store(asked.store).faultWitness(asked.aisle, asked.ref));
		case 'engine':
			return engineView(env, asked.ref);
		case 'outside':
			await (await instanceOf(env, asked.ref))[asked.change]();
			return null;
	}
}

/** What the engine refuses is refused for good (422); all else may be tried again (500). */
async function door(request: Request, env: Env): Promise<Response> {
	const asked = askedSchema.parse(await request.json());
	try {
		return Response.json(await answerDoor(env, asked));
	} catch (error) {
		const status = asked.ask === 'outside' ? 422 : 500;
		return new Response(error instanceof Error ? error.message : String(error), { status });
	}
}

export default {
	fetch(request, env, ctx) {
		return new URL(request.url).pathname === '/faults'
			? door(request, env)
			: app.fetch(request, env, ctx);
	}
} satisfies ExportedHandler<Env>;
