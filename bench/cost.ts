// What watching costs: rows written and read, requests, and time with work under way, for each run
// of each sample, by table and by Durable Object, beside the same workflow on a bare Agent.
//   node scripts/build.mjs && npx node --import ./bench/load-typescript.mjs bench/cost.ts [case] [--tables]
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { startApp, until } from './lib/app';
import { judge, missed, printTable } from './lib/figures';

/** Runs whose costs are averaged, each in an Agent of its own that has had one run before. */
const RUNS = 4;
/** How long a step takes, and a slow one, Ms. */
const STEP_MS = 300;
const SLOW_MS = 2_500;
/** Counted until nothing has happened for so long: later than any retry, Ms. */
const QUIET_MS = 7_000;
/** The store's fleet is left alone for this long, Ms. */
const REST_MS = 20_000;
/** What the SDK and the store itself write for a refund, rows. */
const SAMPLE_OWN = 11;
const TARGETS = { smallRun: 70, furtherStep: 10 } as const;
const withTables = process.argv.includes('--tables');
/** Only the cases whose names contain this. */
const only = process.argv.slice(2).find((word) => !word.startsWith('--'));

const countedSchema = z.object({
	isActive: z.boolean(),
	rows: z.array(
		z.object({ object: z.string(), table: z.string(), written: z.number(), read: z.number() })
	),
	activity: z.array(z.object({ object: z.string(), requests: z.number(), activeMs: z.number() }))
});
type Counted = z.infer<typeof countedSchema>;

type Case = {
	name: string;
	workflow: string;
	params: object | (() => object);
	/** What an approver answers with. */
	decision?: object;
	agent?: 'StoreAgent' | 'BareAgent';
	/** Its Agents have had no run before. */
	isNew?: boolean;
};

const app = await startApp('./bench/cost/wrangler.jsonc');
const pages = createServer((_request, response) => response.end('<title>A page</title>'));
await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
const address = pages.address();
const site = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;

/** Every order is another one, as is the value of its metadata. */
const refund = (amount: number) => () => ({
	...{ order: `ORD-${crypto.randomUUID()}`, amount, currency: 'EUR' },
	...{ reason: 'Broken', requestedBy: 'ana@example.com' }
});
const approved = { approved: true };
const BARE = { agent: 'BareAgent' } as const;
const CASES: Case[] = [
	{ name: '3 steps', workflow: 'STEPS', params: { steps: 3, stepMs: STEP_MS } },
	{ name: '3 steps, bare', workflow: 'STEPS', params: { steps: 3, stepMs: STEP_MS }, ...BARE },
	{ name: '13 steps', workflow: 'STEPS', params: { steps: 13, stepMs: STEP_MS } },
	{ name: '13 steps, bare', workflow: 'STEPS', params: { steps: 13, stepMs: STEP_MS }, ...BARE },
	{ name: '3 slow steps', workflow: 'STEPS', params: { steps: 3, stepMs: SLOW_MS } },
	{ name: '13 slow steps', workflow: 'STEPS', params: { steps: 13, stepMs: SLOW_MS } },
	{ name: '3 quick steps', workflow: 'STEPS', params: { steps: 3 } },
	{ name: '13 quick steps', workflow: 'STEPS', params: { steps: 13 } },
	{
		name: '13 steps with progress',
		...{ workflow: 'STEPS', params: { steps: 13, stepMs: STEP_MS, progress: true } }
	},
	{
		name: '13 steps with progress, bare',
		...{ workflow: 'STEPS', params: { steps: 13, stepMs: STEP_MS, progress: true }, ...BARE }
	},
	{ name: '3 quick steps in a new Agent', workflow: 'STEPS', params: { steps: 3 }, isNew: true },
	{
		...{ name: '3 quick steps in a new bare Agent', workflow: 'STEPS', params: { steps: 3 } },
		...{ ...BARE, isNew: true }
	},
	{ name: 'refund', workflow: 'REFUND', params: refund(5) },
	{
		...{ name: 'refund with approval', workflow: 'REFUND', params: refund(500) },
		decision: approved
	},
	{
		name: 'write-off with approval',
		workflow: 'WRITE_OFF',
		params: {
			...{ product: 'Teapot', units: 2, unitCost: 18.5 },
			...{ reason: 'Water damage', decideWithin: '2 days' }
		},
		decision: { approved: true, data: { account: 'damage', units: 2 } }
	},
	{ name: 'follow-up', workflow: 'FOLLOW_UP', params: { message: 'Call back', after: '1 second' } },
	{
		...{ name: 'catalog import', workflow: 'CATALOG_IMPORT' },
		params: {
			source: { text: 'sku,name,price,currency,stock\nTEA-0001,Assam,7.90,EUR,120' },
			...{ format: 'csv', batchSize: 500 }
		}
	},
	{
		...{ name: 'link audit of 3', workflow: 'LINK_AUDIT' },
		params: { urls: [`${site}/a`, `${site}/b`, `${site}/c`], timeout: '10 seconds' }
	},
	{ name: 'stock count of 2', workflow: 'STOCK_COUNT', params: { aisles: ['dairy', 'bakery'] } }
];

async function take(): Promise<Counted> {
	return countedSchema.parse(await app.get('/bench/cost'));
}

/** Waits until nothing is under way, and adds up what was counted until then. */
async function settle(): Promise<Counted> {
	const all: Counted = { isActive: false, rows: [], activity: [] };
	for (let quietSince = Date.now(); Date.now() - quietSince < QUIET_MS;) {
		await pause(100);
		const { isActive, rows, activity } = await take();
		all.rows.push(...rows);
		all.activity.push(...activity);
		if (isActive || rows.length > 0) quietSince = Date.now();
	}
	return all;
}

const approvalsSchema = z.object({
	approvals: z.array(z.object({ id: z.string(), runId: z.string() }))
});

async function run(kase: Case, agentName: string): Promise<void> {
	const { workflow, decision, agent = 'StoreAgent' } = kase;
	const params = typeof kase.params === 'function' ? (kase.params as () => object)() : kase.params;
	// The samples as people start them, with their metadata and an entry in the audit.
	const started =
		workflow === 'STEPS'
			? await app.post('/bench/start', { agent, name: agentName, workflow, params })
			: await app.post('/api/v1/runs', { agent: `store-agent/${agentName}`, workflow, params });
	const { id } = z.object({ id: z.string() }).parse(started);
	if (decision) {
		const waiting = await until(
			async () => approvalsSchema.parse(await app.get('/api/v1/approvals?status=pending')),
			({ approvals }) => approvals.some(({ runId }) => runId === id)
		);
		const approval = waiting.approvals.find(({ runId }) => runId === id)?.id ?? '';
		await app.post(`/api/v1/approvals/${encodeURIComponent(approval)}/decision`, decision);
	}
	const { status } = z.object({ status: z.string() }).parse(
		await until(
			() => app.post('/bench/status', { workflow, id }),
			(answer) => /complete|errored|terminated/.test(JSON.stringify(answer))
		)
	);
	if (status !== 'complete') throw new Error(`${workflow} ended as ${status}`);
}

async function measure(kase: Case): Promise<Counted> {
	const prefix = kase.isNew ? `new-${Date.now()}` : kase.workflow.toLowerCase();
	const agents = Array.from({ length: RUNS }, (_, n) => `${prefix}-${n}`);
	if (!kase.isNew) await Promise.all(agents.map((name) => run(kase, name)));
	await settle();
	await Promise.all(agents.map((name) => run(kase, name)));
	return settle();
}

function sum<T>(of: readonly T[], value: (one: T) => number): number {
	return of.reduce((total, one) => total + value(one), 0);
}

const written = new Map<string, number>();
const lines: (string | number)[][] = [];
for (const kase of CASES) {
	if (only && !kase.name.includes(only)) continue;
	const { rows, activity } = await measure(kase);
	const inAgents = rows.filter(({ object }) => object !== 'Operations agent');
	const ofSdk = inAgents.filter(({ table }) => table.startsWith('cf_agents_workflows'));
	const agents = activity.filter(({ object }) => object !== 'Operations agent');
	const operations = activity.filter(({ object }) => object === 'Operations agent');
	written.set(kase.name, sum(rows, (row) => row.written) / RUNS);
	lines.push([
		kase.name,
		sum(rows, (row) => row.written) / RUNS,
		sum(ofSdk, (row) => row.written) / RUNS,
		(sum(inAgents, (row) => row.written) - sum(ofSdk, (row) => row.written)) / RUNS,
		(sum(rows, (row) => row.written) - sum(inAgents, (row) => row.written)) / RUNS,
		sum(rows, (row) => row.read) / RUNS,
		sum(agents, ({ requests }) => requests) / RUNS,
		sum(operations, ({ requests }) => requests) / RUNS,
		sum(agents, ({ activeMs }) => activeMs) / RUNS / 1000,
		sum(operations, ({ activeMs }) => activeMs) / RUNS / 1000
	]);
	if (!withTables) continue;
	const byTable = Map.groupBy(rows, ({ object, table }) => `${object}, ${table}`);
	printTable(
		`${kase.name}: rows of one run by table`,
		['', 'written', 'read'],
		[...byTable]
			.map(([name, own]): [string, number, number] => [
				name,
				sum(own, (row) => row.written) / RUNS,
				sum(own, (row) => row.read) / RUNS
			])
			.toSorted((a, b) => b[1] - a[1])
	);
}
printTable(
	'One run',
	[
		...['', 'rows written', 'SDK', 'Agent', 'index', 'rows read'],
		...['requests: Agent', 'index', 'active s: Agent', 'index']
	],
	lines
);

await pause(REST_MS);
const idle = await take();
const own = (name: string) => (written.get(name) ?? 0) - (written.get(`${name}, bare`) ?? 0);
if (written.has('refund')) {
	judge('rows of a small refund', (written.get('refund') ?? 0) - SAMPLE_OWN, TARGETS.smallRun);
}
judge('rows of a small run', own('3 steps'), TARGETS.smallRun);
judge('rows of a further step', (own('13 steps') - own('3 steps')) / 10, TARGETS.furtherStep);
const slow = (written.get('13 slow steps') ?? 0) - (written.get('3 slow steps') ?? 0);
judge('rows of a further slow step', slow / 10, TARGETS.furtherStep);
judge(
	'rows of an idle fleet',
	sum(idle.rows, (row) => row.written + row.read),
	0
);
judge(
	'requests of an idle fleet',
	sum(idle.activity, ({ requests }) => requests),
	0
);
judge(
	'active time of an idle fleet',
	sum(idle.activity, ({ activeMs }) => activeMs),
	0,
	' ms'
);

pages.close();
await app.close();
process.exit(missed() > 0 ? 1 : 0);
