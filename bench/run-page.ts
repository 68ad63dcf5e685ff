// How fast the run page is with a long history, against an empty run page and an empty scroller in
// the same browser. Everything but the engine is the app's own: the history is a generated one,
// which the Agent reads through its reader of histories (bench/app/worker.ts).
//   node scripts/build.mjs && npx node --import ./bench/load-typescript.mjs bench/run-page.ts [steps] [live seconds]
import type { Page } from 'playwright';
import { startApp, until } from './lib/app';
import {
	countElements,
	heapOf,
	meterFrames,
	openChromium,
	readFrames,
	type Frames
} from './lib/browser';
import { judge, missed, printTable, quantile } from './lib/figures';

const STEPS = Number(process.argv[2] ?? 10_000);
const LIVE_SECONDS = Number(process.argv[3] ?? 10);
const PER_SECOND = 200;
/** How often a page is opened; the median counts. */
const OPENED = 5;
const PATIENCE_MS = 60_000;
/** The first figure of the targets: a frame at 60 a second. */
const FRAME_MS = 16.7;

const app = await startApp();
const browser = await openChromium();
const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });

/** A run with this many steps so far, which the index and its Agent know to the last event. */
async function makeRun(id: string, steps: number): Promise<number> {
	const made = (await app.post('/bench/history', { id, steps })) as { events: number };
	await app.post('/api/v1/runs', { workflow: 'LONG', id, params: { steps } });
	await until(
		() => app.get(`/api/v1/runs/LONG/${id}/events?after=${made.events - 1}`),
		(answer) => (answer as { events: unknown[] }).events.length === 1
	);
	return made.events;
}

/** Runs in the page: resolves with the time of the frame in which all of the history is there. */
function drawn(events: number): Promise<{ first: number; all: number }> {
	return new Promise((resolve) => {
		let first = 0;
		const look = () => {
			const isDrawn = document.querySelector('[role=listbox] [role=option]') !== null;
			if (isDrawn && first === 0) first = performance.now();
			const tab = [...document.querySelectorAll('[role=tab]')].find((one) =>
				one.textContent?.includes('History')
			);
			const count = Number(tab?.textContent?.replaceAll(/\D/g, '') ?? 0);
			if (!isDrawn || count < events) requestAnimationFrame(look);
			// After the next frame has begun, this one is on screen.
			else requestAnimationFrame(() => resolve({ first, all: performance.now() }));
		};
		look();
	});
}

async function open(id: string, events: number): Promise<{ first: number; all: number }> {
	const page = await context.newPage();
	page.setDefaultTimeout(PATIENCE_MS);
	await page.goto(`${app.origin}/runs/LONG/${id}`, { waitUntil: 'commit' });
	const times = await page.evaluate(drawn, events);
	await page.close();
	return times;
}

/** Moves something in each frame of so many, and says how long those frames took. */
async function framesOf(page: Page, move: (frame: number) => void, frames = 180): Promise<Frames> {
	await meterFrames(page);
	await page.evaluate(`new Promise((resolve) => {
		const move = ${move.toString()};
		let frame = 0;
		const next = () => {
			if (frame >= ${frames}) return resolve(null);
			move(frame);
			frame += 1;
			requestAnimationFrame(next);
		};
		next();
	})`);
	return readFrames(page);
}

/** A wheel's turns over the list, now slow, now by whole pages. */
function scroll(frame: number): void {
	const list = document.querySelector('[role=listbox]');
	if (list) list.scrollTop += frame % 60 < 40 ? 90 : 4000;
}

function zoom(frame: number): void {
	const list = document.querySelector('[role=listbox]');
	const box = list?.getBoundingClientRect();
	if (!list || !box) return;
	const deltaY = frame % 60 < 30 ? -12 : 12;
	const at = { clientX: box.left + box.width * 0.7, clientY: box.top + 120 };
	const wheel = { deltaY, ctrlKey: true, bubbles: true, cancelable: true, ...at };
	list.dispatchEvent(new WheelEvent('wheel', wheel));
}

function pan(frame: number): void {
	const list = document.querySelector('[role=listbox]');
	const box = list?.getBoundingClientRect();
	if (!list || !box) return;
	const at = { clientX: box.left + box.width * 0.7, clientY: box.top + 120 };
	if (frame === 0)
		for (let turn = 0; turn < 8; turn += 1)
			list.dispatchEvent(
				new WheelEvent('wheel', {
					deltaY: -60,
					ctrlKey: true,
					bubbles: true,
					cancelable: true,
					...at
				})
			);
	const wheel = { deltaX: frame % 60 < 30 ? 20 : -20, bubbles: true, cancelable: true, ...at };
	list.dispatchEvent(new WheelEvent('wheel', wheel));
}

const EMPTY_SCROLLER = `<div role="listbox" style="height: 640px; overflow: auto">
	<div style="height: 320000px"></div></div>`;

const events = { empty: await makeRun('empty', 1), long: await makeRun('long', STEPS) };

const opened = { empty: [], long: [] } as Record<
	'empty' | 'long',
	{ first: number; all: number }[]
>;
await open('empty', events.empty); // the first page pays for what is cached after it
for (let round = 0; round < OPENED; round += 1) {
	opened.empty.push(await open('empty', events.empty));
	opened.long.push(await open('long', events.long));
}
const median = (of: 'empty' | 'long', what: 'first' | 'all') =>
	quantile(
		opened[of].map((times) => times[what]),
		0.5
	);
const base = median('empty', 'all');
printTable(
	`open to drawn, median of ${OPENED} (ms)`,
	['', 'first bars', 'all', '× an empty run page'],
	[
		['a run page with 1 step', median('empty', 'first'), base, 1],
		[
			`${STEPS} steps, ${events.long} events`,
			median('long', 'first'),
			median('long', 'all'),
			median('long', 'all') / base
		]
	]
);
judge('open to drawn', median('long', 'all') / base, 3, ' × an empty run page');

const blank = await context.newPage();
await blank.setContent(EMPTY_SCROLLER);
const page = await context.newPage();
page.setDefaultTimeout(PATIENCE_MS);
await page.goto(`${app.origin}/runs/LONG/long`, { waitUntil: 'commit' });
await page.evaluate(drawn, events.long);

const measured: [string, Frames, Frames][] = [];
for (const [name, move] of Object.entries({ scroll, zoom, pan })) {
	await blank.bringToFront();
	const floor = await framesOf(blank, scroll);
	await page.bringToFront();
	measured.push([name, await framesOf(page, move), floor]);
}
const elements = await countElements(page);
printTable(
	'frames of the page with all steps (ms)',
	['', 'p50', 'p95', 'worst', 'over 50', "an empty scroller's p95"],
	measured.map(([name, { gaps }, floor]) => [
		name,
		quantile(gaps, 0.5),
		quantile(gaps, 0.95),
		Math.max(...gaps),
		String(gaps.filter((gap) => gap > 50).length),
		quantile(floor.gaps, 0.95)
	])
);
for (const [name, { gaps }, floor] of measured) {
	const most = Math.max(FRAME_MS, 1.2 * quantile(floor.gaps, 0.95));
	judge(`${name}, p95 frame`, quantile(gaps, 0.95), most, ' ms');
}
judge('elements of the page', elements, 1500);

const heap = await heapOf(page);
await blank.bringToFront();
const stillFloor = await framesOf(blank, () => undefined, LIVE_SECONDS * 30);
await page.bringToFront();
await page.evaluate(() => document.querySelector('[role=listbox]')?.scrollTo({ top: 0 }));
await meterFrames(page);
const grown = app.post('/bench/grow', { id: 'long', perSecond: PER_SECOND, seconds: LIVE_SECONDS });
await new Promise((resolve) => setTimeout(resolve, (LIVE_SECONDS * 1000) / 2));
const still = await readFrames(page);
const scrolled = await framesOf(page, scroll, LIVE_SECONDS * 20);
const last = ((await grown) as { events: number }).events;
const began = Date.now();
await page.evaluate(drawn, last);
const behind = Date.now() - began;
const after = await countElements(page);
printTable(
	`${PER_SECOND} events a second are added, ${last - events.long} in all (ms)`,
	['', 'p50', 'p95', 'worst', 'over 50'],
	[
		['looked at', still],
		['scrolled', scrolled],
		['an empty page', stillFloor]
	].map(([name, frames]) => {
		const { gaps } = frames as Frames;
		return [
			String(name),
			quantile(gaps, 0.5),
			quantile(gaps, 0.95),
			Math.max(...gaps),
			String(gaps.filter((gap) => gap > 50).length)
		];
	})
);
const liveMost = Math.max(FRAME_MS, 1.2 * quantile(stillFloor.gaps, 0.95));
judge('looked at, p95 frame', quantile(still.gaps, 0.95), liveMost, ' ms');
judge('scrolled, p95 frame', quantile(scrolled.gaps, 0.95), liveMost, ' ms');
judge('elements of the page', after, 1500);
console.log(`  the last event was on screen ${behind} ms after the last one was written`);
console.log(`  heap ${heap.toFixed(1)} MB, then ${(await heapOf(page)).toFixed(1)} MB`);

await browser.close();
await app.close();
process.exit(missed() > 0 ? 1 : 0);
