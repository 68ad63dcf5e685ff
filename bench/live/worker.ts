// The app's own Worker, a workflow that does nothing but steps, and the floor to measure by: a bare
// Durable Object that sends every frame on to whoever is connected.
import { DurableObject } from 'cloudflare:workers';
import { AgentWorkflow, type AgentWorkflowEvent, type AgentWorkflowStep } from 'agents/workflows';
import { z } from 'zod';
import type { StoreAgent } from '../../src/lib/agent';
import { catalogue, defineWorkflow } from '../../src/lib/workflows';
import app from '../../src/worker/index';

const params = z.strictObject({ steps: z.number().int().min(1).max(500), pauseMs: z.number() });

catalogue.add(
	defineWorkflow({
		workflow: 'TICKS',
		title: 'Tick',
		description: 'So many steps, each as long as the pause.',
		agentClass: 'StoreAgent',
		agent: 'store-agent/bench',
		params,
		example: { steps: 10, pauseMs: 30 }
	})
);

export class TicksWorkflow extends AgentWorkflow<StoreAgent, z.infer<typeof params>> {
	async run(event: AgentWorkflowEvent<z.infer<typeof params>>, step: AgentWorkflowStep) {
		const { steps, pauseMs } = event.payload;
		for (let tick = 0; tick < steps; tick += 1) {
			await step.do('tick', async () => {
				await new Promise((resolve) => setTimeout(resolve, pauseMs));
			});
		}
		await step.reportComplete();
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

type BenchEnv = Env & { FLOOR: DurableObjectNamespace<Floor> };

export * from '../../src/worker/index';
export default {
	fetch(request, env, ctx) {
		if (new URL(request.url).pathname !== '/floor') return app.fetch(request, env, ctx);
		return env.FLOOR.getByName('floor').fetch(request);
	}
} satisfies ExportedHandler<BenchEnv>;
