// How long from an event in the engine to the frame that tells of it, against the floor of the
// platform in the same run: a frame into a bare Durable Object and out to another connection.
//
//   npm run build && npx node --import ./bench/load-typescript.mjs bench/live.ts [runs at once]
import { createTestHarness } from 'wrangler';
import { serverFrameSchema } from '../src/lib/protocol';

const AT_ONCE = Number(process.argv[2] ?? 1);
const STEPS = 40;
const PAUSE_MS = 30;
const FLOOR_FRAMES = 200;
/** How many run pages are open at once. */
const WATCHED = 20;

function open(url: URL): Promise<WebSocket> {
	const socket = new WebSocket(url);
	return new Promise((resolve, reject) => {
		socket.addEventListener('open', () => resolve(socket), { once: true });
		socket.addEventListener('error', () => reject(new Error(`no websocket at ${url.href}`)), {
			once: true
		});
	});
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function quantile(values: number[], share: number): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

const harness = createTestHarness({ workers: [{ configPath: './bench/app/wrangler.jsonc' }] });
const { url } = await harness.listen();
const at = (path: string) => {
	const address = new URL(path, url);
	address.protocol = 'ws:';
	return address;
};

async function measureFloor(): Promise<number[]> {
	const [from, to] = [await open(at('/floor')), await open(at('/floor'))];
	const lags: number[] = [];
	to.addEventListener('message', ({ data }) => lags.push(performance.now() - Number(data)));
	for (let frame = 0; frame < FLOOR_FRAMES; frame += 1) {
		from.send(String(performance.now()));
		await pause(5);
	}
	await pause(200);
	from.close(1000);
	to.close(1000);
	return lags;
}

async function measureLive(): Promise<{ run: number[]; list: number[]; missing: number }> {
	const socket = await open(at('/agents/operations-agent/main?_pk=bench'));
	const ids = Array.from({ length: AT_ONCE }, (_, n) => `ticks-${Date.now()}-${n}`);
	const lags = { run: [] as number[], list: [] as number[] };
	/** The last event that each watched run's page has. */
	const seen = new Map(ids.slice(0, WATCHED).map((id) => [id, 0]));
	socket.addEventListener('message', ({ data }) => {
		const now = Date.now();
		const frame = serverFrameSchema.safeParse(JSON.parse(String(data)));
		if (!frame.success || frame.data.type !== 'change') return;
		const { change } = frame.data;
		if (change.kind === 'runs-changed') {
			for (const row of change.rows) {
				if (ids.includes(row.id)) lags.list.push(now - row.updatedAt);
			}
		} else if (change.kind === 'run-changed') {
			for (const event of change.events) lags.run.push(now - event.timestamp);
			seen.set(change.run.id, change.events.at(-1)?.eventId ?? seen.get(change.run.id) ?? 0);
		} else if (change.kind === 'run') {
			seen.set(change.run.id, change.events.at(-1)?.eventId ?? 0);
		}
	});
	const watch = (id: string, view: object) =>
		socket.send(JSON.stringify({ type: 'watch', watch: id, view }));
	watch('list', { kind: 'runs', query: { limit: 50 } });
	await Promise.all(
		ids.map(async (id, n) => {
			const started = await harness.fetch('/api/v1/runs', {
				method: 'POST',
				body: JSON.stringify({
					workflow: 'TICKS',
					id,
					agent: `store-agent/bench-${n % 5}`,
					params: { steps: STEPS, pauseMs: PAUSE_MS }
				})
			});
			if (started.status !== 201) throw new Error(await started.text());
			if (n < WATCHED) watch(`run-${n}`, { kind: 'run', workflow: 'TICKS', id });
		})
	);
	const events = 3 + STEPS * 4 + 4 + 1;
	for (let wait = 0; wait < 300 && [...seen.values()].some((last) => last < events); wait += 1) {
		await pause(100);
	}
	await pause(300);
	socket.close(1000);
	return { ...lags, missing: [...seen.values()].filter((last) => last < events).length };
}

const floor = await measureFloor();
await measureLive(); // the first runs pay for what starts up
const live = await measureLive();
floor.push(...(await measureFloor()));

const rows = [
	['floor: frame → Durable Object → frame', floor],
	['event → frame of the run page', live.run],
	['event → frame of the list', live.list]
] as const;
const base = quantile(floor, 0.5);
console.log(`${AT_ONCE} runs at once, ${STEPS} steps of ${PAUSE_MS} ms each`);
for (const [name, values] of rows) {
	const [p50, p95] = [quantile(values, 0.5), quantile(values, 0.95)];
	console.log(
		`${name.padEnd(40)} n ${String(values.length).padStart(5)}  p50 ${p50.toFixed(1).padStart(6)} ms` +
			`  p95 ${p95.toFixed(1).padStart(6)} ms  ${(p50 / base).toFixed(1).padStart(5)} × floor`
	);
}
if (live.missing > 0) console.log(`${live.missing} run pages did not get every event`);
await harness.close();
process.exit(live.missing > 0 ? 1 : 0);
