// Feeds believable runs into the fleet index of a Signalbox with the doors of bench/app/worker.ts:
//   npx wrangler dev -c bench/app/wrangler.jsonc --port 8799
//   npx node --import ./bench/load-typescript.mjs bench/feed-index.ts [runs] [origin] [new runs a second]
// With new runs a second it goes on after the filling until it is stopped.
import { setTimeout as pause } from 'node:timers/promises';
import { aRun } from '../tests/unit/support/runs';
import { Feeder } from './lib/feed';

const RUNS = Number(process.argv[2] ?? 100_000);
const ORIGIN = process.argv[3] ?? 'http://localhost:8799';
const PER_SECOND = Number(process.argv[4] ?? 0);

const feeder = new Feeder(async (path, body) => {
	const response = await fetch(ORIGIN + path, { method: 'POST', body: JSON.stringify(body) });
	if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
	return response.json();
});

const began = performance.now();
await feeder.fill(0, RUNS);
console.log(`${RUNS} runs in ${((performance.now() - began) / 1000).toFixed(1)} s`);

for (let index = 0; PER_SECOND > 0; index += 1) {
	const now = Date.now();
	const times = { createdAt: now, startedAt: now, updatedAt: now };
	await feeder.report([aRun({ ...times, id: `new-${now}-${index}` })]);
	await pause(1000 / PER_SECOND);
}
