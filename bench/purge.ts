// What deleting 100,000 ended runs of 100 Agents takes: the preview, the purge itself, and how long
// list queries wait meanwhile. The purge goes through the PURGE workflow, the Agents and the index.
//   node scripts/build.mjs && npx node --import ./bench/load-typescript.mjs bench/purge.ts [runs] [agents]
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { findRuns } from '../src/lib/agent/operations/purge/purge-select';
import { RunIndex } from '../src/lib/agent/operations/run-index/run-index';
import { runKey } from '../src/lib/protocol';
import { fleetRun, NOW, seeded } from '../tests/unit/support/runs';
import { memorySql } from '../tests/unit/support/sqlite';
import { startApp, until } from './lib/app';
import { Feeder } from './lib/feed';
import { judge, missed, printTable, quantile } from './lib/figures';

const RUNS = Number(process.argv[2] ?? 100_000);
const AGENTS = Number(process.argv[3] ?? 100);
/** Runs that stay, for the list queries. */
const STAYING = 20_000;
const PREVIEWS = 5;
/** How long list queries are measured without a purge, Ms. */
const QUIET_MS = 8_000;
const PAUSE_MS = 10;
/** So many of twice as many runs are removed in slices, to measure the index alone. */
const REMOVED = 10_000;
const SLICE = 25;
const GOALS = { previewMs: 1_000, perSecond: 5_000, slower: 3 };

const QUERIES = [
	'',
	'status:errored',
	'region:eu',
	'region:eu plan:pro',
	'workflow:REFUND status:complete',
	'"card declined"',
	'created:<24h -region:us'
];

const previewSchema = z.object({ id: z.string(), total: z.number() });
const purgeSchema = z.object({
	state: z.string(),
	deleted: z.number(),
	failed: z.array(z.unknown())
});

/** The time of a thread that a run's removal from the index takes, µs, on Node's SQLite. */
function removalTime(): number {
	const db = memorySql();
	const index = new RunIndex(db);
	index.migrate();
	const random = seeded(7);
	const runs = Array.from({ length: 2 * REMOVED }, (_, at) => fleetRun(at, 2 * REMOVED, random));
	db.database.exec('BEGIN');
	for (const run of runs) index.upsert({ run, version: 1, exact: true });
	db.database.exec('COMMIT');
	const keys = runs.slice(0, REMOVED).map(runKey);
	const before = process.threadCpuUsage();
	for (let at = 0; at < keys.length; at += SLICE) {
		db.database.exec('BEGIN');
		const slice = keys.slice(at, at + SLICE);
		const found = findRuns(db, JSON.stringify(slice.map((key) => [key, 1])));
		index.remove(
			found.map(({ key }) => key),
			{ by: 'PURGE/bench', at: NOW }
		);
		db.database.exec('COMMIT');
	}
	const { user, system } = process.threadCpuUsage(before);
	return (user + system) / REMOVED;
}

const perRun = removalTime();
const app = await startApp();
const feeder = new Feeder(app.post);
await feeder.fill(0, STAYING);
await feeder.fill(STAYING, STAYING + RUNS, (run, index) => {
	const name = `old-${index % AGENTS}`;
	const finishedAt = Math.min(run.finishedAt ?? run.updatedAt, NOW - 1_000);
	const createdAt = Math.min(run.createdAt, finishedAt);
	return {
		...run,
		...{ status: 'complete', outcome: 'completed', waitingFor: null, createdAt, finishedAt },
		agent: { class: 'StoreAgent', name, path: `store-agent/${name}` },
		metadata: { ...run.metadata, era: 'old' }
	};
});

/** Asks for lists, one after the other, for as long as `goesOn`; answers with how long each took, Ms. */
async function askLists(goesOn: () => boolean): Promise<number[]> {
	const times: number[] = [];
	for (let asked = 0; goesOn(); asked += 1) {
		const q = encodeURIComponent(QUERIES[asked % QUERIES.length] ?? '');
		const began = performance.now();
		await app.get(`/api/v1/runs?limit=50&q=${q}`);
		times.push(performance.now() - began);
		await pause(PAUSE_MS);
	}
	return times;
}

const previews: number[] = [];
let preview = { id: '', total: 0 };
for (let round = 0; round < PREVIEWS; round += 1) {
	const began = performance.now();
	const asked = { criteria: { q: 'era:old' }, dryRun: true };
	preview = previewSchema.parse(await app.post('/api/v1/purges', asked));
	previews.push(performance.now() - began);
}
if (preview.total !== RUNS) throw new Error(`the preview lists ${preview.total} runs`);

const warmEnd = Date.now() + 2_000;
await askLists(() => Date.now() < warmEnd);
const quietEnd = Date.now() + QUIET_MS;
const quiet = await askLists(() => Date.now() < quietEnd);

let isOver = false;
const busyBefore = app.use().cpu;
const begunAt = performance.now();
const busy = askLists(() => !isOver);
await app.post('/api/v1/purges', { preview: preview.id, total: preview.total });
const ended = await until(
	async () => purgeSchema.parse(await app.get(`/api/v1/purges/${preview.id}`)),
	({ state }) => state === 'done',
	600_000
);
const seconds = (performance.now() - begunAt) / 1_000;
isOver = true;
const during = await busy;
const cpu = app.use().cpu - busyBefore;
if (ended.deleted !== RUNS || ended.failed.length > 0) throw new Error(JSON.stringify(ended));

printTable(
	`${RUNS} ended runs of ${AGENTS} Agents are deleted`,
	['', 'median', 'p95', 'most'],
	[
		['preview (ms)', quantile(previews, 0.5), quantile(previews, 0.95), Math.max(...previews)],
		['lists, quiet (ms)', quantile(quiet, 0.5), quantile(quiet, 0.95), Math.max(...quiet)],
		['lists, purging (ms)', quantile(during, 0.5), quantile(during, 0.95), Math.max(...during)]
	]
);
console.log(
	`  ${seconds.toFixed(1)} s in all, ${cpu.toFixed(1)} s of a core for the Operations agent, ${AGENTS} Agents, the engine and ${during.length} list queries`
);
judge('the slowest preview', Math.max(...previews), GOALS.previewMs, ' ms');
console.log(
	`  ${(RUNS / seconds).toFixed(0)} runs/s here, where the Agents, the engine and the lists share a thread`
);
judge('the index’s time for a run', perRun, 1e6 / GOALS.perSecond, ' µs');
const slower = quantile(during, 0.95) / quantile(quiet, 0.95);
judge('list queries at p95, against quiet', slower, GOALS.slower, 'x');
await app.close();
process.exitCode = missed() > 0 ? 1 : 0;
