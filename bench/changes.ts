// A thousand run changes a second for half a minute while ten people look: does each end with the
// true list, does the page stay smooth, does memory stay flat? One of the ten is a page in Chromium;
// an empty page in a Chromium of its own tells what the machine itself costs.
//   node scripts/build.mjs && npx node --import ./bench/load-typescript.mjs bench/changes.ts [runs] [seconds] [changes a second]
import { setTimeout as pause } from 'node:timers/promises';
import { fleetRun, seeded } from '../tests/unit/support/runs';
import type { Run } from '../src/lib/protocol';
import { startApp, until } from './lib/app';
import { heapOf, meterFrames, openChromium, readFrames } from './lib/browser';
import { Feeder } from './lib/feed';
import { judge, missed, printTable, quantile } from './lib/figures';
import { Viewer } from './lib/viewer';

const RUNS = Number(process.argv[2] ?? 100_000);
const SECONDS = Number(process.argv[3] ?? 30);
const PER_SECOND = Number(process.argv[4] ?? 1000);
/** A report with the changes of this long is sent at a time, Ms. */
const REPORT_MS = 20;
/** One change in so many is a new run. */
const NEW = 4;

const QUERIES = [
	'',
	'status:errored',
	'status:running',
	'region:eu',
	'region:eu plan:pro',
	'workflow:REFUND status:complete',
	'is:active tag:a,b,c',
	'"card declined"',
	'created:<24h -region:us'
];

const app = await startApp();
const feeder = new Feeder(app.post);
await feeder.fill(0, RUNS);

const viewers = await Promise.all(QUERIES.map((q) => Viewer.open(app, q)));
const [browser, other] = await Promise.all([openChromium(), openChromium()]);
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await page.goto(`${app.origin}/runs`);
await page.locator('[data-place="0"] a').first().waitFor();
const blank = await other.newPage();
await blank.setContent('<p>An empty page</p>');
await pause(2000);

const random = seeded(7);
const active: Run[] = [];
let made = 0;

/** The next change: a new run, or a step or the end of one that is under way. */
function change(): Run {
	const now = Date.now();
	const picked = Math.floor(random() * active.length);
	const known = active[picked];
	if (!known || made % NEW === 0 || random() * NEW < 1) {
		made += 1;
		const like = fleetRun(RUNS + made, RUNS + made, random);
		const run: Run = {
			...{
				...like,
				status: 'running',
				outcome: null,
				error: null,
				waitingFor: null,
				finishedAt: null
			},
			...{ createdAt: now, startedAt: now, updatedAt: now, step: 'validate' }
		};
		active.push(run);
		return run;
	}
	made += random() < 0.3 ? 1 : 0;
	if (random() < 0.7 && active.length < 2000) {
		const step = { ...known, step: `step ${Math.floor(random() * 20)}`, updatedAt: now };
		active[picked] = step;
		return step;
	}
	active.splice(picked, 1);
	const like = fleetRun(0, 1, random);
	const end = like.status === 'errored' ? like : { ...like, status: 'complete' as const };
	const { status, error } = end;
	const outcome = status === 'errored' ? 'failed' : 'completed';
	return { ...known, status, error, outcome, step: null, updatedAt: now, finishedAt: now };
}

type Memory = { heap: number; server: number };
const memory = async (): Promise<Memory> => ({
	heap: await heapOf(page),
	server: app.use().memory
});

/** Changes runs for so long; answers with how many. */
async function changeFor(seconds: number): Promise<number> {
	const began = Date.now();
	let changed = 0;
	while (Date.now() - began < seconds * 1000) {
		const due = Math.floor(((Date.now() - began) / 1000) * PER_SECOND) - changed;
		const batch = new Map<string, Run>();
		for (let count = 0; count < Math.min(due, 100); count += 1) {
			const run = change();
			batch.set(run.id, run);
		}
		if (batch.size > 0) await feeder.report([...batch.values()]);
		changed += Math.min(due, 100);
		await pause(due > 100 ? 0 : REPORT_MS);
	}
	return changed;
}

await changeFor(3); // what is made once is made before anything is measured
const memories: [string, Memory][] = [['at the start', await memory()]];
await Promise.all([meterFrames(page), meterFrames(blank)]);
const [cpuBefore, ownBefore, startedAt] = [app.use().cpu, process.cpuUsage(), Date.now()];
const framesBefore = viewers.map(({ frames }) => frames);
let changed = await changeFor(SECONDS / 2);
const first = await readFrames(page);
memories.push(['half-way', await memory()]);
await meterFrames(page);
changed += await changeFor(SECONDS / 2);
const second = await readFrames(page);
const idle = await readFrames(blank);
memories.push(['at the end', await memory()]);
const took = (Date.now() - startedAt) / 1000;
const serverShare = (app.use().cpu - cpuBefore) / took;
const { user, system } = process.cpuUsage(ownBefore);
const ownShare = (user + system) / 1e6 / took;
const perViewer = viewers.map(({ frames }, at) => (frames - (framesBefore[at] ?? 0)) / SECONDS);

await pause(2000);
const wrong: string[] = [];
for (const viewer of viewers) {
	const fresh = await Viewer.open(app, viewer.q);
	await until(
		() => Promise.resolve(fresh.model?.byStatus ?? null),
		(byStatus) => byStatus !== null
	);
	// Time goes on: what becomes too old right now is told to both, but not in the same moment.
	const differs = () => viewer.differs(fresh);
	for (let tries = 0; tries < 40 && differs() !== null; tries += 1) await pause(50);
	const why = differs();
	if (why) wrong.push(`${viewer.q || '(all)'}: ${why}`);
	fresh.close();
}
const onPage = await page.evaluate(() =>
	[...document.querySelectorAll('[data-place]')].map(
		(row) => row.querySelector('a')?.getAttribute('href') ?? ''
	)
);
const truth = viewers[0]?.read()?.rows.map((run) => `/runs/${run.workflow}/${run.id}`) ?? [];
if (onPage.length === 0 || onPage.some((href, at) => href !== truth[at]))
	wrong.push('the page shows other rows');

const gaps = [...first.gaps, ...second.gaps];
const long = [...first.long, ...second.long];
printTable(
	`${RUNS} runs, ${PER_SECOND} changes a second for ${SECONDS} s, ${viewers.length + 1} viewers: frames (ms)`,
	['', 'p50', 'p95', 'p99', 'worst', 'over 50', 'long frames'],
	(
		[
			['the list', gaps, long],
			['an empty page', idle.gaps, idle.long]
		] as const
	).map(([name, all, over]) => [
		name,
		...[0.5, 0.95, 0.99].map((share) => quantile(all, share)),
		Math.max(...all),
		String(all.filter((gap) => gap > 50.1).length),
		String(over.length)
	])
);
printTable(
	'memory (MB)',
	['', 'the page, collected', 'the server'],
	memories.map(([name, { heap, server }]) => [name, heap, server])
);
console.log(
	`\n  ${changed} changes, ${(changed / SECONDS).toFixed(0)} a second; ${quantile(perViewer, 0.5).toFixed(1)} frames a second to each viewer`
);
console.log(
	`  of one core the server took ${(serverShare * 100).toFixed(0)} %, this benchmark and its nine viewers ${(ownShare * 100).toFixed(0)} %`
);
for (const what of wrong) console.log(`  ${what}`);
judge('viewers with another list than the true one', wrong.length, 0);
judge(
	'changes that were not taken in time',
	PER_SECOND * SECONDS - changed,
	0.02 * PER_SECOND * SECONDS
);
judge(
	'frames over 50 ms',
	gaps.filter((gap) => gap > 50.1).length,
	idle.gaps.filter((gap) => gap > 50.1).length
);
const [, half, end] = memories.map(([, figures]) => figures);
judge('the page, end to half', (end?.heap ?? NaN) / (half?.heap ?? NaN), 1.15, ' ×');
judge('the server, end to half', (end?.server ?? NaN) / (half?.server ?? NaN), 1.15, ' ×');

for (const viewer of viewers) viewer.close();
await Promise.all([browser.close(), other.close()]);
await app.close();
process.exit(missed() > 0 ? 1 : 0);
