// How long from a step's end in the engine to its bar on screen, and to the row in the list, against
// the floor of the platform in the same run: a frame through a bare Durable Object into one text.
//   node scripts/build.mjs && npx node --import ./bench/load-typescript.mjs bench/live.ts [runs at once]
import type { Page } from 'playwright';
import { serverFrameSchema, type ClientFrameInput, type RunEvent } from '../src/lib/protocol';
import { startApp, until } from './lib/app';
import { openChromium } from './lib/browser';
import { judge, missed, printTable, quantile } from './lib/figures';

const AT_ONCE = process.argv.length > 2 ? [Number(process.argv[2])] : [1, 10];
/** As many steps as the page has room for, and too few to be gathered in a group. */
const STEPS = 18;
const PAUSE_MS = 60;
const FLOOR_FRAMES = 100;
/** The page is opened while the run waits for it, Ms. */
const WAIT_MS = 4_000;
const PATIENCE_MS = 60_000;

const app = await startApp();
const browser = await openChromium();
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
/** The wall clock, in parts of a millisecond: the same in this process, the page and the server. */
const wallClock = () => performance.timeOrigin + performance.now();

declare global {
	interface Window {
		/** When each text of a row was first seen, by the wall clock. */
		benchSeen: Map<string, number>;
	}
}

/** Runs in the page: notes when each row says for the first time what it says. */
function watchRows(): void {
	window.benchSeen = new Map();
	new MutationObserver(() => {
		const now = performance.timeOrigin + performance.now();
		for (const row of document.querySelectorAll('[role=option], [data-floor]')) {
			const text = row.getAttribute('aria-label') ?? row.textContent ?? '';
			if (!window.benchSeen.has(text)) window.benchSeen.set(text, now);
		}
	}).observe(document, {
		...{ subtree: true, childList: true, characterData: true },
		...{ attributes: true, attributeFilter: ['aria-label'] }
	});
}

async function seenOn(page: Page): Promise<[string, number][]> {
	return page.evaluate(() => [...window.benchSeen]);
}

/** A frame is sent, passed on by a bare Durable Object, and put into the page as a text. */
async function measureFloor(): Promise<number[]> {
	const page = await browser.newPage();
	await page.addInitScript(watchRows);
	await page.goto(`${app.origin}/api/v1/health`);
	await page.evaluate(async () => {
		const text = document.body.appendChild(document.createElement('p'));
		text.dataset['floor'] = '';
		const address = new URL('/floor', location.href);
		address.protocol = 'ws:';
		const socket = new WebSocket(address);
		socket.addEventListener('message', ({ data }) => (text.textContent = String(data)));
		await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
	});
	const socket = await app.socket('/floor');
	for (let frame = 0; frame < FLOOR_FRAMES; frame += 1) {
		socket.send(String(wallClock()));
		await pause(20);
	}
	await pause(300);
	const lags = (await seenOn(page)).flatMap(([sent, at]) =>
		Number(sent) ? [at - Number(sent)] : []
	);
	socket.close(1000);
	await page.close();
	return lags;
}

type Lags = { bar: number[]; row: number[]; missing: number };

/** Starts runs and looks at the page of the first one, and at the list over a socket. */
async function measureLive(runs: number): Promise<Lags> {
	const ids = Array.from({ length: runs }, (_, n) => `ticks-${Date.now()}-${n}`);
	const lags: Lags = { bar: [], row: [], missing: 0 };
	const socket = await app.socket('/agents/operations-agent/main?_pk=bench');
	socket.addEventListener('message', ({ data }) => {
		const now = wallClock();
		const frame = serverFrameSchema.safeParse(JSON.parse(String(data)));
		if (!frame.success || frame.data.type !== 'change') return;
		const { change } = frame.data;
		if (change.kind !== 'runs-changed') return;
		for (const row of change.rows) if (ids.includes(row.id)) lags.row.push(now - row.updatedAt);
	});
	const list = { kind: 'runs', query: { limit: 50 } } as const;
	socket.send(
		JSON.stringify({ type: 'watch', watch: 'list', view: list } satisfies ClientFrameInput)
	);
	const page = await browser.newPage({ viewport: { width: 1440, height: 1200 } });
	page.setDefaultTimeout(PATIENCE_MS);
	await page.addInitScript(watchRows);
	await Promise.all(
		ids.map((id, n) =>
			app.post('/api/v1/runs', {
				...{ workflow: 'TICKS', id, agent: `store-agent/bench-${n % 5}` },
				params: { steps: STEPS, pauseMs: PAUSE_MS, waitMs: WAIT_MS }
			})
		)
	);
	const [first = ''] = ids;
	await page.goto(`${app.origin}/runs/TICKS/${first}`);
	const path = `/api/v1/runs/TICKS/${first}/events`;
	const { events } = (await until(
		() => app.get(path),
		(answer) => (answer as { done: boolean }).done
	)) as { events: RunEvent[] };
	await pause(1000);
	const seen = await seenOn(page);
	for (const event of events) {
		const step = /^(tick \d+)-1$/.exec(String(event['stepName']))?.[1];
		if (event.type !== 'step_completed' || step === undefined) continue;
		const found = seen.find(([text]) => text.startsWith(`${step}, step, completed`));
		if (found) lags.bar.push(found[1] - event.timestamp);
		else lags.missing += 1;
	}
	socket.close(1000);
	await page.close();
	return lags;
}

await measureLive(1); // the first run pays for what starts up
for (const runs of AT_ONCE) {
	const floor = await measureFloor();
	const live = await measureLive(runs);
	floor.push(...(await measureFloor()));
	const base = quantile(floor, 0.5);
	printTable(
		`${runs} ${runs === 1 ? 'run' : 'runs at once'}, ${STEPS} steps of ${PAUSE_MS} ms each (ms)`,
		['', 'n', 'p50', 'p95', 'p50 × floor', 'p95 × floor'],
		(
			[
				['floor: frame, Durable Object, one text', floor],
				["a step's end to its bar on the page", live.bar],
				['a change to the row of the list, on the socket', live.row]
			] as const
		).map(([name, lags]) => {
			const [p50, p95] = [quantile(lags, 0.5), quantile(lags, 0.95)];
			return [name, String(lags.length), p50, p95, p50 / base, p95 / quantile(floor, 0.95)];
		})
	);
	judge('bars that never came', live.missing, 0);
}

await browser.close();
await app.close();
process.exit(missed() > 0 ? 1 : 0);
