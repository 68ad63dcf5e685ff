// Requests and frames that nobody would write: the server answers each with a refusal, stays up, and
// its data stay as they were. FUZZ=long sends 5,000 requests and 20,000 frames; a seed repeats a run.
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { OPERATION_NAMES, routesOf, type Run } from '../../src/lib/protocol';
import { EVE } from './support/people';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();

const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
const IS_LONG = process.env['FUZZ'] === 'long';
const REQUESTS = IS_LONG ? 5_000 : 600;
const FRAMES = IS_LONG ? 20_000 : 2_000;
const AT_ONCE = 8;
const VIEWER = 'vic:viewer';

let known: Run;

beforeAll(async () => {
	const params = { waits: [{ name: 'wait', type: 'approval' }] };
	known = await signalbox.as().start({ workflow: 'WAITS', id: 'known', params });
	await signalbox.as().approvalOf(known);
});

/** All that must not change. */
async function data(): Promise<unknown> {
	const paths = ['/runs?limit=100', '/approvals?limit=100', '/views', '/webhooks'];
	const replies = await Promise.all(paths.map((path) => signalbox.as().get(path)));
	const state = await signalbox.as().fetch('/agents/store-agent/berlin/state');
	return [...replies.map(({ body }) => body), await state.text()];
}

const oddText = fc.oneof(
	fc.string({ maxLength: 40 }),
	fc.string({ unit: 'binary', maxLength: 40 }),
	fc.constantFrom(
		...['..', '.', '%ff', '%', '%00', '__proto__', 'constructor', '\u202e', "' OR 1=1 --", '*'],
		...['-1', '1e999', 'NaN', 'x'.repeat(5_000), '/', '//', 'a/b', '?', '#', '😀'.repeat(300)]
	)
);
const deep = fc
	.integer({ min: 1, max: 5_000 })
	.map((levels) => `${'['.repeat(levels)}1${']'.repeat(levels)}`);
const oddJson = fc.oneof(
	{ arbitrary: fc.json({ maxDepth: 4 }), weight: 5 },
	{ arbitrary: deep, weight: 1 },
	{ arbitrary: oddText, weight: 1 },
	{
		arbitrary: fc.constantFrom('', 'null', '{"a":', '{"__proto__":{"a":1}}', '9'.repeat(400)),
		weight: 1
	}
);

const routes = OPERATION_NAMES.flatMap((name) => routesOf(name));
const paths = fc
	.tuple(
		fc.constantFrom(...routes),
		fc.array(oddText, { minLength: 4, maxLength: 4 }),
		fc.boolean()
	)
	.map(([{ path }, texts, isEncoded]) => {
		let place = 0;
		return path.replaceAll(/\{\w+\}/g, () => {
			const text = texts[place++] ?? '';
			return isEncoded
				? encodeURIComponent(text.toWellFormed())
				: text.replaceAll(/[^\x21-\x7e]/g, '_');
		});
	});
const queries = fc
	.array(
		fc.tuple(
			fc.constantFrom('q', 'limit', 'order', 'cursor', 'after', 'status', 'from', 'x'),
			oddText
		),
		{ maxLength: 3 }
	)
	.map((entries) =>
		new URLSearchParams(entries.map(([key, text]) => [key, text.toWellFormed()])).toString()
	);
const requests = fc.record({
	method: fc.constantFrom('GET', 'GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'),
	path: fc.oneof(
		{ arbitrary: paths, weight: 6 },
		{ arbitrary: oddText.map((text) => `/${encodeURIComponent(text.toWellFormed())}`), weight: 1 }
	),
	query: queries,
	body: oddJson,
	// Whoever may change something is only given what cannot be carried out.
	isViewer: fc.boolean(),
	contentType: fc.constantFrom(
		'application/json',
		'text/plain',
		'application/x-www-form-urlencoded'
	)
});
type Asked = typeof requests extends fc.Arbitrary<infer Value> ? Value : never;

const connections = new HttpAgent({ keepAlive: true, maxSockets: AT_ONCE });

/** The status; `fetch` would tidy up the path. */
function ask({ method, path, query, body, isViewer, contentType }: Asked): Promise<number> {
	const isChange = !['GET', 'HEAD', 'OPTIONS'].includes(method);
	const as = isViewer || isChange ? VIEWER : EVE;
	const sent = isChange ? Buffer.from(body) : Buffer.alloc(0);
	return new Promise((resolve, reject) => {
		const asking = httpRequest(new URL(signalbox.url), {
			...{ method, path: `/api/v1${path}${query === '' ? '' : `?${query}`}`, agent: connections },
			headers: {
				authorization: `Local ${as}`,
				'content-type': contentType,
				'content-length': sent.length
			}
		});
		asking.on('response', (response) => {
			response.resume();
			response.on('end', () => resolve(response.statusCode ?? 0));
		});
		asking.on('error', (error) => reject(new Error(`${method} ${path}`, { cause: error })));
		asking.end(sent);
	});
}

test(`${REQUESTS} odd requests are answered without a 5xx and change nothing`, async () => {
	const before = await data();
	const asked = fc.sample(requests, { numRuns: REQUESTS, seed: SEED });
	const failed: string[] = [];
	const lanes = asked.values();
	const lane = async () => {
		for (const one of lanes) {
			const status = await ask(one);
			if (status >= 500 || status === 0)
				failed.push(`${status} ${JSON.stringify(one).slice(0, 400)}`);
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, lane));
	expect(failed).toEqual([]);
	expect(await data()).toEqual(before);
});

const frameTypes = fc.constantFrom(
	...[
		'rpc',
		'cf_agent_state',
		'cf_agent_chat_message',
		'start',
		'status',
		'pause',
		'cancel',
		'watch'
	],
	...['unwatch', 'request', 'subscribe', 'error', '__proto__']
);
const methods = fc.oneof(
	fc.constantFrom(
		'request',
		'watch',
		'unwatch',
		'nothing',
		'constructor',
		'setState',
		'destroy',
		'sql'
	),
	oddText
);
const frames = fc.oneof(
	{ arbitrary: oddText, weight: 1 },
	{ arbitrary: oddJson, weight: 2 },
	{
		arbitrary: fc
			.record({
				type: frameTypes,
				id: oddText,
				method: methods,
				args: fc.array(fc.jsonValue(), { maxLength: 3 })
			})
			.map((frame) => JSON.stringify(frame)),
		weight: 4
	},
	{
		arbitrary: fc
			.record({
				type: frameTypes,
				workflow: oddText,
				params: fc.jsonValue(),
				workflowId: oddText,
				state: fc.jsonValue()
			})
			.map((frame) => JSON.stringify(frame)),
		weight: 3
	}
);

test(`${FRAMES} odd frames leave the server up and its data as they were`, async () => {
	const before = await data();
	const doors = ['operations-agent/main', 'store-agent/berlin'];
	const sent = fc.sample(frames, { numRuns: FRAMES, seed: SEED });
	const each = Math.ceil(FRAMES / (doors.length * 2));
	const lanes = doors.flatMap((door) => [true, false].map((sdk) => ({ door, sdk })));
	await Promise.all(
		lanes.map(async ({ door, sdk }, lane) => {
			const own = sent.slice(lane * each, (lane + 1) * each);
			const open = () => signalbox.connect(door, { as: VIEWER, sdk });
			let socket = await open();
			for (const [place, frame] of own.entries()) {
				if (socket.closed !== null) socket = await open();
				socket.send(frame);
				// The answers are awaited now and then, as whoever reads them does.
				if (place % 50 === 49) await signalbox.as().get('/health');
			}
			await socket.close();
		})
	);
	expect((await signalbox.as().get('/health')).status).toBe(200);
	expect(await data()).toEqual(before);
	const { status } = await signalbox.as().start({
		...{ workflow: 'WAITS', id: 'after', params: { waits: [] } }
	});
	expect(['queued', 'running', 'complete']).toContain(status);
});
