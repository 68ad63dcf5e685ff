// Feeds believable runs into the fleet index of a Signalbox that bench/runs/wrangler.jsonc serves,
// through the index's own intake.
//   npx node --import ./bench/load-typescript.mjs bench/feed-index.ts [runs] [origin] [changes per second]
// With changes per second it goes on after the filling and adds new runs until it is stopped.
import { setTimeout as pause } from 'node:timers/promises';
import type { Report } from '../src/lib/agent/monitor/calls';
import type { Run } from '../src/lib/protocol';
import { fleetRun, NOW, seeded } from '../tests/unit/support/runs';

const RUNS = Number(process.argv[2] ?? 100_000);
const ORIGIN = process.argv[3] ?? 'http://localhost:8799';
const PER_SECOND = Number(process.argv[4] ?? 0);
const BATCH = 500;

const random = seeded(42);
const later = Date.now() - NOW;
const agent = { class: 'StoreAgent', name: 'bench', path: 'store-agent/bench' };
let sequence = Date.now();

/** The same run, as if the fleet's "now" were today's. */
function today(run: Run): Run {
	return {
		...run,
		createdAt: run.createdAt + later,
		startedAt: run.startedAt === null ? null : run.startedAt + later,
		updatedAt: run.updatedAt + later,
		finishedAt: run.finishedAt === null ? null : run.finishedAt + later
	};
}

async function report(runs: Run[]): Promise<void> {
	const previous = sequence;
	sequence += 1;
	const body: Report = {
		agent,
		sequence,
		previous,
		runs: runs.map((run) => ({ run, version: Date.now(), exact: true })),
		approvals: [],
		notes: []
	};
	const response = await fetch(`${ORIGIN}/bench/intake`, {
		method: 'POST',
		body: JSON.stringify(body)
	});
	if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
}

const began = performance.now();
for (let at = 0; at < RUNS; at += BATCH) {
	const size = Math.min(BATCH, RUNS - at);
	await report(
		Array.from({ length: size }, (_, index) => today(fleetRun(at + index, RUNS, random)))
	);
}
console.log(`${RUNS} runs in ${((performance.now() - began) / 1000).toFixed(1)} s`);

for (let index = RUNS; PER_SECOND > 0; index += 1) {
	const now = Date.now();
	const run = fleetRun(index, RUNS, random);
	await report([
		{
			...run,
			status: 'running',
			outcome: null,
			createdAt: now,
			startedAt: now,
			updatedAt: now,
			finishedAt: null
		}
	]);
	await pause(1000 / PER_SECOND);
}
