// From a key press or a click on a filter to the rows on screen, at 100, 10,000 and 100,000 runs,
// against the floor: a frame (at 60 a second) and one round trip, from a key press in the same page to
// the same Agent and back, measured in turns with it. The oldest runs pass every filter, so that as
// many rows are drawn at 100 runs as at 100,000: else "flat" would compare a few rows with a screen.
// Flat is what takes no more than a frame longer: a screen shows no smaller difference.
//   node scripts/build.mjs && npx node --import ./bench/load-typescript.mjs bench/run-list.ts [runs …]
import type { Page } from 'playwright';
import type { Run } from '../src/lib/protocol';
import { aRun } from '../tests/unit/support/runs';
import { startApp } from './lib/app';
import { openChromium } from './lib/browser';
import { Feeder } from './lib/feed';
import { judge, missed, printTable, quantile } from './lib/figures';

const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [100, 10_000, 100_000];
const TIMES = 20;
const FRAME_MS = 16.7;
/** More rows than are seen at once. */
const SCREEN_ROWS = 25;
const PATIENCE_MS = 60_000;

/** What is done, to which query before, and the query that it makes. */
type Action = {
	name: string;
	before: string;
	after: string;
	/** What goes before it and is not measured. */
	ready?: (page: Page) => Promise<void>;
	act: (page: Page) => Promise<void>;
};

const press = (key: string) => (page: Page) => page.keyboard.press(key);
const ACTIONS: Action[] = [
	{
		name: 'a click on a status',
		before: '',
		after: 'status:errored',
		ready: (page) =>
			page.getByRole('group', { name: 'Runs by status' }).getByText('Errored').hover(),
		act: async ({ mouse }) => {
			await mouse.down();
			await mouse.up();
		}
	},
	{ name: 'the last key of region:eu', before: 'region:e', after: 'region:eu', act: press('u') },
	{
		name: 'the last key of a second filter',
		before: 'region:eu plan:pr',
		after: 'region:eu plan:pro',
		act: press('o')
	},
	{
		name: 'a key in a search for text',
		before: 'declinedx',
		after: 'declined',
		act: press('Backspace')
	}
];

type Noted = { input: number; sent: number; heard: number };

declare global {
	interface Window {
		bench: Noted;
		/** Resolves when the first row is this one (none: the list is empty) and on screen. */
		benchShown: (id: string | null) => Promise<Noted & { at: number }>;
		/** Opens a socket of its own; each press of F9 then makes a round trip. */
		benchTrips: () => Promise<() => Promise<number>>;
		/** Resolves with the time from the next F9 to its answer. */
		benchTrip?: () => Promise<number>;
	}
}

/** Runs in the page before its own scripts: notes input, what is sent, and what is heard. */
function watchPage(): void {
	window.bench = { input: 0, sent: 0, heard: 0 };
	for (const type of ['keydown', 'pointerup'])
		addEventListener(type, (event) => (window.bench.input = event.timeStamp), { capture: true });
	const send = WebSocket.prototype.send;
	WebSocket.prototype.send = function (this: WebSocket, data: string) {
		if (data.startsWith('{"type":"watch"')) window.bench.sent = performance.now();
		send.call(this, data);
	};
	const Plain = WebSocket;
	window.WebSocket = class extends Plain {
		constructor(...args: ConstructorParameters<typeof Plain>) {
			super(...args);
			this.addEventListener('message', ({ data }) => {
				if (String(data).includes('"kind":"runs"')) window.bench.heard = performance.now();
			});
		}
	};
	/** Resolves once the next frame has been drawn: a message is taken after it. */
	const painted = () =>
		new Promise<number>((resolve) => {
			requestAnimationFrame(() => {
				const { port1, port2 } = new MessageChannel();
				port1.onmessage = () => resolve(performance.now());
				port2.postMessage(null);
			});
		});
	window.benchShown = async (id) => {
		for (;;) {
			const at = await painted();
			const first = document.querySelector('[data-place="0"] a')?.getAttribute('href') ?? null;
			const isShown = id === null ? first === null : first?.endsWith(`/${id}`);
			if (isShown) return { ...window.bench, at };
		}
	};
	window.benchTrips = async () => {
		const address = new URL('/agents/operations-agent/main', location.href);
		address.protocol = 'ws:';
		const socket = new Plain(address);
		await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
		let began = 0;
		addEventListener('keydown', ({ key, timeStamp }) => {
			if (key !== 'F9') return;
			began = timeStamp;
			socket.send('signalbox:ping');
		});
		return () =>
			new Promise((resolve) => {
				const onMessage = ({ data }: MessageEvent) => {
					if (data !== 'signalbox:pong') return;
					socket.removeEventListener('message', onMessage);
					resolve(performance.now() - began);
				};
				socket.addEventListener('message', onMessage);
			});
	};
}

const app = await startApp();
const browser = await openChromium();
const feeder = new Feeder(app.post);

async function firstOf(q: string): Promise<string | null> {
	const answer = await app.get(`/api/v1/runs?limit=1&q=${encodeURIComponent(q)}`);
	return (answer as { runs: { id: string }[] }).runs[0]?.id ?? null;
}

async function measureTrip(page: Page): Promise<number> {
	await page.waitForTimeout(Math.random() * FRAME_MS);
	const trip = page.evaluate(() => window.benchTrip?.());
	await page.keyboard.press('F9');
	return (await trip) ?? NaN;
}

/**
 * The URL has followed, and what else was set off by the typing. People press at any moment of a
 * frame: pressed at always the same one, a difference of no time could be one of a whole frame.
 */
async function settled(page: Page): Promise<void> {
	await page.waitForTimeout(400 + Math.random() * FRAME_MS);
}

type Times = { total: number; toSend: number; toAnswer: number; toScreen: number };

async function measure(page: Page, { before, after, ready, act }: Action): Promise<Times> {
	const [from, to] = [await firstOf(before), await firstOf(after)];
	if (from === to) throw new Error(`${before} and ${after} begin with the same run`);
	const box = page.getByRole('combobox', { name: 'Query' });
	await box.fill(before);
	await box.press('End');
	await page.evaluate((id) => window.benchShown(id), from);
	await ready?.(page);
	await settled(page);
	const shown = page.evaluate((id) => window.benchShown(id), to);
	await act(page);
	const { input, sent, heard, at } = await shown;
	return {
		total: at - input,
		toSend: sent - input,
		toAnswer: heard - sent,
		toScreen: at - heard
	};
}

/** A run as it is, but for the oldest: those are found by every filter. */
function found(run: Run, index: number): Run {
	if (index >= SCREEN_ROWS) return run;
	return {
		...run,
		status: 'errored',
		outcome: 'failed',
		error: { name: 'Error', message: 'card declined' },
		metadata: { ...run.metadata, region: 'eu', plan: 'pro' }
	};
}

let filled = 0;
const medians = new Map<string, number[]>();
for (const size of SIZES) {
	await feeder.fill(filled, size, found);
	filled = size;
	// The newest run passes no filter, so that each of them changes the first row.
	const now = Date.now();
	const times = { createdAt: now, startedAt: now, updatedAt: now };
	await feeder.report([aRun({ ...times, id: `newest-of-${size}` })]);
	const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
	page.setDefaultTimeout(PATIENCE_MS);
	await page.addInitScript(watchPage);
	await page.goto(`${app.origin}/runs`);
	await page.evaluate((id) => window.benchShown(id), await firstOf(''));
	await page.evaluate(async () => {
		window.benchTrip = await window.benchTrips();
	});
	const rows: (string | number)[][] = [];
	for (const action of ACTIONS) {
		await measure(page, action);
		const measured: Times[] = [];
		const trips: number[] = [];
		for (let time = 0; time < TIMES; time += 1) {
			measured.push(await measure(page, action));
			trips.push(await measureTrip(page), await measureTrip(page));
		}
		const floor = FRAME_MS + quantile(trips, 0.5);
		const part = (name: keyof Times, share = 0.5) =>
			quantile(
				measured.map((one) => one[name]),
				share
			);
		rows.push([
			action.name,
			...(['toSend', 'toAnswer', 'toScreen', 'total'] as const).map((name) => part(name)),
			part('total', 0.95),
			floor,
			part('total') / floor
		]);
		medians.set(action.name, [...(medians.get(action.name) ?? []), part('total')]);
	}
	printTable(
		`${size} runs, medians of ${TIMES} (ms)`,
		['', 'to sent', 'to answer', 'to screen', 'in all', 'p95', 'floor', '× floor'],
		rows
	);
	for (const [name, ...figures] of rows)
		judge(String(name), Number(figures.at(-1)), 3, ' × the floor');
	await page.close();
}
console.log('\nflat?');
for (const [name, [smallest = NaN, ...larger]] of medians)
	if (larger.length > 0)
		judge(name, (larger.at(-1) ?? NaN) - smallest, FRAME_MS, ` ms more than at ${SIZES[0]} runs`);

await browser.close();
await app.close();
process.exit(missed() > 0 ? 1 : 0);
