// How fast the fleet index answers at 100,000 runs of 8 metadata keys each, and how that compares
// with the SDK's own table, on the same rows in the same process (Node's SQLite). Times are the
// thread's CPU time.
//   npx node --import ./bench/load-typescript.mjs bench/run-index.ts [runs]
import { RunIndex } from '../src/lib/agent/operations/run-index/run-index';
import { parseQuery, type QueryTerm, type Run, type RunOrder } from '../src/lib/protocol';
import { fleetRun, NOW, seeded } from '../tests/unit/support/runs';
import { memorySql } from '../tests/unit/support/sqlite';

const RUNS = Number(process.argv[2] ?? 100_000);
const MEASURED_MS = 200;
const NEWEST: RunOrder = { field: 'created', direction: 'desc' };

/** Key and value of the metadata filters that both sides answer, from common to unique. */
const METADATA: [string, string | number][] = [
	['region', 'eu'],
	['tag', 'a'],
	['customer.name', 'Ann Lee 7'],
	['order', `ord-${Math.floor(RUNS / 3)}`]
];

const QUERIES: { title: string; queries: string[]; order?: RunOrder }[] = [
	{ title: 'everything', queries: [''] },
	{
		title: 'text search',
		queries: ['"card declined"', 'declined', 'TypeError', 'refund-1a', 'charge', 'ro', 'nowhere']
	},
	{
		title: 'two filters',
		queries: [
			'status:errored region:eu',
			'status:complete region:eu',
			'region:eu plan:pro',
			'region:eu tag:a',
			'workflow:REFUND status:errored',
			'workflow:REFUND region:us',
			'agent:store-agent/berlin status:complete',
			'agent:store-agent/berlin region:eu',
			'amount:>100 region:eu',
			'amount:100..200 status:errored',
			'created:<24h status:errored',
			'created:<24h region:eu',
			'created:>3d plan:pro',
			'region:eu declined',
			'status:errored "card declined"',
			'customer.vip:true region:eu',
			'customer.name:"Ann Lee "* status:complete',
			'-region:eu status:errored',
			'is:retried workflow:REFUND',
			'duration:>5m region:eu',
			'by:ana outcome:failed',
			'tag:a,b,c plan:free'
		]
	},
	{
		title: 'two filters, longest first',
		queries: ['status:errored region:eu', 'region:eu plan:pro', 'workflow:REFUND tag:b'],
		order: { field: 'duration', direction: 'desc' }
	}
];

function median(times: number[]): number {
	return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN;
}

/** The thread's own time, which other processes of the machine do not stretch. */
function busyMs(): number {
	const { user, system } = process.threadCpuUsage();
	return (user + system) / 1000;
}

/** The mean of as many runs as the clock's ticks (4 ms on some machines) need to be fair. */
function measure(work: () => unknown): number {
	work();
	const start = busyMs();
	let times = 0;
	while (times < 5 || (busyMs() - start < MEASURED_MS && times < 1000)) {
		work();
		times += 1;
	}
	return (busyMs() - start) / times;
}

function termsOf(query: string): QueryTerm[] {
	const parsed = parseQuery(query);
	if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
	return parsed.terms;
}

const random = seeded(42);
const runs: Run[] = Array.from({ length: RUNS }, (_, index) => fleetRun(index, RUNS, random));

const ours = memorySql();
const index = new RunIndex(ours);
index.migrate();
const filling = busyMs();
ours.database.exec('BEGIN');
for (const run of runs) index.upsert({ run, version: 1, exact: true });
ours.database.exec('COMMIT');
const perRun = (busyMs() - filling) / RUNS;

const sample = runs.filter((_, at) => at % 50 === 0);
const changing = busyMs();
ours.database.exec('BEGIN');
for (const run of sample) {
	const changed = { ...run, step: 'notify', updatedAt: run.updatedAt + 1 };
	index.upsert({ run: changed, version: 2, exact: true });
}
ours.database.exec('ROLLBACK');
const perChange = (busyMs() - changing) / sample.length;
const megabytes =
	Number(
		ours
			.exec('SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size')
			.toArray()[0]?.['bytes']
	) / 1e6;
console.log(
	`${RUNS} runs: ${perRun.toFixed(3)} ms to add one, ${perChange.toFixed(3)} ms to change one, ${megabytes.toFixed(0)} MB`
);

const theirs = memorySql();
theirs.exec(`CREATE TABLE cf_agents_workflows (
	id TEXT PRIMARY KEY NOT NULL, workflow_id TEXT NOT NULL UNIQUE, workflow_name TEXT NOT NULL,
	status TEXT NOT NULL, metadata TEXT, error_name TEXT, error_message TEXT,
	created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, completed_at INTEGER)`);
theirs.exec('CREATE INDEX idx_workflows_status ON cf_agents_workflows (status)');
theirs.exec('CREATE INDEX idx_workflows_name ON cf_agents_workflows (workflow_name)');
theirs.database.exec('BEGIN');
const seconds = (ms: number): number => Math.floor(ms / 1000);
for (const run of runs)
	theirs.exec(
		'INSERT INTO cf_agents_workflows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
		`row-${run.id}`,
		run.id,
		run.workflow,
		run.status,
		JSON.stringify(run.metadata),
		run.error?.name ?? null,
		run.error?.message ?? null,
		seconds(run.createdAt),
		seconds(run.updatedAt),
		run.finishedAt === null ? null : seconds(run.finishedAt)
	);
theirs.database.exec('COMMIT');

/** What `getWorkflows({ metadata })` asks: the count, then the page. */
function sdkPage(key: string, value: string | number): unknown[] {
	const where = `WHERE 1=1 AND json_extract(metadata, '$.' || ?) = ?`;
	const total = theirs
		.exec(`SELECT COUNT(*) AS count FROM cf_agents_workflows ${where}`, key, value)
		.toArray();
	const page = theirs
		.exec(
			`SELECT * FROM cf_agents_workflows ${where} ORDER BY created_at DESC, workflow_id DESC LIMIT ?`,
			key,
			value,
			51
		)
		.toArray()
		.map((row) => ({ ...row, metadata: JSON.parse(String(row['metadata'])) as unknown }));
	return [total, page];
}

function report(columns: readonly (string | number)[]): void {
	const [title = '', ...rest] = columns.map((column) =>
		typeof column === 'number' ? column.toFixed(2) : column
	);
	console.log(title.padEnd(56) + rest.map((text) => text.padStart(12)).join(''));
}

report(['\nmetadata filter, page and total (ms)', 'ours', 'SDK table', 'ratio']);
for (const [key, value] of METADATA) {
	const terms = termsOf(`${key}:"${value}"`);
	const own = measure(() => index.page({ terms, order: NEWEST, limit: 50, now: NOW }));
	const sdk = measure(() => sdkPage(key, value));
	report([`${key}:${value}`, own, sdk, `${(sdk / own).toFixed(0)}x`]);
}

for (const { title, queries, order = NEWEST } of QUERIES) {
	report([`\n${title}: page and total (ms)`, 'at first', 'again', 'total']);
	const times = queries.map((query) => {
		const asked = { terms: termsOf(query), order, limit: 50 };
		let now = NOW;
		// An index that has just been opened knows no set of any term, and each query is a later one.
		const first = measure(() => new RunIndex(ours).page({ ...asked, now: (now += 1) }));
		const again = measure(() => index.page({ ...asked, now: (now += 1) }));
		const { total, totalExact } = index.page({ ...asked, now: NOW });
		report([query || '(no query)', first, again, `${total}${totalExact ? '' : '+'}`]);
		return { first, again };
	});
	const [first, again] = (['first', 'again'] as const).map((time) =>
		median(times.map((both) => both[time]))
	);
	report(['median of these', first ?? NaN, again ?? NaN]);
}
