// The app's own Worker with doors for benchmarks, which are nowhere but here:
//   /floor          the floor to measure by: a bare Durable Object that sends every frame on to whoever
//                   is connected
//   /bench/intake   reports go straight into the fleet index, as an Agent's outbox would send them
//   /bench/history  what the engine is to say of a LONG run: a generated history
//   /bench/grow     lets that history go on, so many events a second
// From the reader of histories to the page everything is the app's own.
import { DurableObject } from 'cloudflare:workers';
import { Agent } from 'agents';
import { AgentWorkflow, type AgentWorkflowEvent, type AgentWorkflowStep } from 'agents/workflows';
import { z } from 'zod';
import { HistoryReader as EngineReader, signalboxAgent } from '../../src/lib/agent';
import { RemoteReading } from '../../src/lib/agent/history-reader';
import type { Report } from '../../src/lib/agent/rpc/agent-rpc';
import { defineWorkflow } from '../../src/lib/workflows';
import { agentPolicies } from '../../src/worker/agents';
import { catalogue } from '../../src/worker/catalogue';
import app from '../../src/worker/index';
import { LongHistory } from './long-history';

export * from '../../src/worker/index';

const ticksSchema = z.strictObject({
	steps: z.number().int().min(1).max(500),
	pauseMs: z.number(),
	/** A sleep before the first step, Ms, so that a page can be opened. */
	waitMs: z.number().default(0)
});
const longSchema = z.strictObject({ steps: z.number().int().min(0) });

/** A store as plain as can be: the benchmarks need none of the samples. */
export class StoreAgent extends signalboxAgent(Agent)<Env> {}
agentPolicies.add('StoreAgent', { names: 'any', frames: 'checked' });

const bench = { agentClass: 'StoreAgent', agent: 'store-agent/bench' };
catalogue.add(
	defineWorkflow({
		...bench,
		workflow: 'TICKS',
		title: 'Tick',
		description: 'So many steps, each as long as the pause.',
		params: ticksSchema,
		example: { steps: 10, pauseMs: 30 }
	})
);
catalogue.add(
	defineWorkflow({
		...bench,
		workflow: 'LONG',
		title: 'A long run',
		description: 'Sleeps in the engine, while its history is a generated one.',
		params: longSchema,
		example: { steps: 10_000 }
	})
);

export class TicksWorkflow extends AgentWorkflow<StoreAgent, z.infer<typeof ticksSchema>> {
	async run(event: AgentWorkflowEvent<z.infer<typeof ticksSchema>>, step: AgentWorkflowStep) {
		const { steps, pauseMs, waitMs } = event.payload;
		if (waitMs > 0) await step.sleep('until somebody looks', waitMs);
		for (let tick = 0; tick < steps; tick += 1) {
			await step.do(`tick ${tick + 1}`, async () => {
				await new Promise((resolve) => setTimeout(resolve, pauseMs));
			});
		}
		await step.reportComplete();
	}
}

export class LongWorkflow extends AgentWorkflow<StoreAgent, z.infer<typeof longSchema>> {
	async run(_event: AgentWorkflowEvent<z.infer<typeof longSchema>>, step: AgentWorkflowStep) {
		await step.sleep('while it is looked at', '30 days');
	}
}

/** How often a growing history grows, Ms. */
const GROWS_EVERY_MS = 10;

/** The generated history of one LONG run. */
export class History extends DurableObject {
	#history = new LongHistory(0, Date.now());
	readonly #waiting = new Set<() => void>();

	/** Begins anew with so many steps. Answers with the number of events. */
	async make(steps: number): Promise<number> {
		this.#history = new LongHistory(steps, Date.now());
		return this.#history.events.length;
	}

	/** Goes on for a while. Answers, at the end of it, with the number of events. */
	async grow(perSecond: number, seconds: number): Promise<number> {
		const [began, had] = [Date.now(), this.#history.events.length];
		while (Date.now() - began < seconds * 1000) {
			await new Promise((resolve) => setTimeout(resolve, GROWS_EVERY_MS));
			const due = had + ((Date.now() - began) / 1000) * perSecond - this.#history.events.length;
			if (due < 1) continue;
			this.#history.grow(due, Date.now());
			for (const wake of this.#waiting) wake();
			this.#waiting.clear();
		}
		return this.#history.events.length;
	}

	async open(after: number): Promise<RemoteReading> {
		let cursor = after;
		const next = async (): Promise<IteratorResult<unknown, unknown>> => {
			while (cursor >= this.#history.events.length)
				await new Promise<void>((resolve) => this.#waiting.add(resolve));
			const value = this.#history.events[cursor];
			cursor += 1;
			return { done: false, value };
		};
		return new RemoteReading({ next });
	}
}

export class HistoryReader extends EngineReader {
	override async open(workflow: string, id: string, after: number): Promise<RemoteReading> {
		if (workflow !== 'LONG') return super.open(workflow, id, after);
		const history: unknown = benchEnv(this.env).HISTORY.getByName(id);
		// What RPC's own types make of an event's unknown fields is of no use.
		return (history as Pick<History, 'open'>).open(after);
	}
}

/** Sends each frame on to all who are connected. */
export class Floor extends DurableObject {
	override fetch(): Response {
		const { 0: client, 1: server } = new WebSocketPair();
		this.ctx.acceptWebSocket(server);
		return new Response(null, { status: 101, webSocket: client });
	}

	override webSocketMessage(_from: WebSocket, message: string): void {
		for (const socket of this.ctx.getWebSockets()) socket.send(message);
	}
}

type BenchEnv = Env & {
	FLOOR: DurableObjectNamespace<Floor>;
	HISTORY: DurableObjectNamespace<History>;
};

/** The bindings of this Worker: the app's types know only those of the app. */
function benchEnv(env: Env): BenchEnv {
	return env as BenchEnv;
}

const growSchema = z.object({ id: z.string(), perSecond: z.number(), seconds: z.number() });
const historySchema = z.object({ id: z.string(), steps: z.number() });

export default {
	async fetch(request, env, ctx) {
		const { FLOOR, HISTORY } = benchEnv(env);
		switch (new URL(request.url).pathname) {
			case '/floor':
				return FLOOR.getByName('floor').fetch(request);
			case '/bench/intake': {
				// It is the benchmark that feeds the index that writes it.
				const report = await request.json<Report>();
				const operations = env.OperationsAgent.get(env.OperationsAgent.idFromName('main'));
				return Response.json(await operations.intake(report));
			}
			case '/bench/history': {
				const { id, steps } = historySchema.parse(await request.json());
				return Response.json({ events: await HISTORY.getByName(id).make(steps) });
			}
			case '/bench/grow': {
				const { id, perSecond, seconds } = growSchema.parse(await request.json());
				return Response.json({ events: await HISTORY.getByName(id).grow(perSecond, seconds) });
			}
			default:
				return app.fetch(request, env, ctx);
		}
	}
} satisfies ExportedHandler<Env>;
