// The Worker with one more door, for benchmarks only: reports go straight into the fleet index, as
// an Agent's outbox would send them. It is open with AUTH=local alone, which no deploy ever has.
import type { Report } from '../../src/lib/agent/monitor/calls';
import worker from '../../src/worker/index';

export * from '../../src/worker/index';

export default {
	async fetch(request, env, ctx) {
		const { pathname } = new URL(request.url);
		const local = 'AUTH' in env && env.AUTH === 'local';
		if (pathname !== '/bench/intake' || !local) return worker.fetch(request, env, ctx);
		// It is the tool that feeds the index that writes it.
		const report = await request.json<Report>();
		const operations = env.OperationsAgent.get(env.OperationsAgent.idFromName('main'));
		return Response.json(await operations.intake(report));
	}
} satisfies ExportedHandler<Env>;
