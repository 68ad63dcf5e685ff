// What a seed means: which runs are started when, and which faults befall whom. Pure, so that a
// seed that failed can be played again; only what the server does in between differs.
import type { JsonObject, RunRef } from '../../src/lib/protocol';
import { Random } from './random';
import { sampleRun, SAMPLES, type Sample } from './samples';

/** What is said at a gate when its turn comes. */
export type PlannedAnswer = { approved: boolean; by: string };

export type PlannedRun = RunRef & {
	agent: string;
	params: JsonObject;
	startAtMs: number;
	/** How many approvals it asks for when all are given. */
	gates: number;
	answers: PlannedAnswer[];
	/** How long an approval lies before it is decided. */
	decideAfterMs: number;
};

export const FAULT_KINDS = [
	'kill',
	'evict-store',
	'evict-operations',
	'intake-refused',
	'intake-delayed',
	'sockets-dropped',
	'callbacks-replayed',
	'pause-resume',
	'restart',
	'restart-from',
	'terminate',
	'concurrent-decisions',
	'command-cut',
	'outside',
	'index-restored',
	'sub-agent-deleted',
	'binding-renamed'
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A fault; those with a `run` befall that one, `afterMs` after it was started. */
export type PlannedFault = { number: number; atMs: number } & (
	| { kind: 'kill' | 'evict-operations' }
	| { kind: 'index-restored'; olderMs: number }
	| { kind: 'evict-store'; store: string }
	| { kind: 'intake-refused'; forMs: number }
	| { kind: 'intake-delayed'; forMs: number; delayMs: number }
	| { kind: 'sockets-dropped'; awayMs: number }
	| { kind: 'callbacks-replayed' | 'restart' | 'terminate' | 'sub-agent-deleted'; run: PlannedRun }
	| { kind: 'binding-renamed'; run: PlannedRun; forMs: number }
	| { kind: 'pause-resume'; run: PlannedRun; pausedMs: number }
	| { kind: 'restart-from'; run: PlannedRun; share: number }
	| { kind: 'concurrent-decisions'; run: PlannedRun; answers: PlannedAnswer[] }
	| {
			kind: 'command-cut';
			run: PlannedRun;
			command: 'pause' | 'terminate' | 'restart' | 'decide';
			cutAfterMs: number;
	  }
	| { kind: 'outside'; run: PlannedRun; change: 'pause' | 'terminate' | 'restart' }
);

export type Plan = { seed: number; spanMs: number; runs: PlannedRun[]; faults: PlannedFault[] };

export const STORES = ['berlin', 'austin', 'osaka', 'quito', 'turku'];
export const APPROVERS = ['ana', 'ben', 'cleo'];

/** About so many runs are started in a second: what two cores carry beside the suite itself. */
const RUNS_A_SECOND = 2.5;
const LEAST_SPAN_MS = 12_000;

export function planOf({
	seed,
	runs,
	faults
}: {
	seed: number;
	runs: number;
	faults: number;
}): Plan {
	const random = new Random(seed);
	const spanMs = Math.max(LEAST_SPAN_MS, Math.round((runs / RUNS_A_SECOND) * 1000));
	const planned = Array.from({ length: runs }, (_, index) => {
		// Every sample in turn: none is left out however few runs there are to be.
		const sample = SAMPLES[index % SAMPLES.length] ?? 'refund-small';
		const run = plannedRun(random, { sample, id: `s${seed}-${index + 1}`, spanMs });
		// The first ones wake every store, so that even an older index knows them all.
		const store = STORES[index];
		if (store === undefined) return run;
		return { ...run, agent: `store-agent/${store}`, startAtMs: 0 };
	}).sort((a, b) => a.startAtMs - b.startAtMs);
	const befalls = kindsOf(random, faults).map((kind, index) =>
		plannedFault(random, { kind, number: index + 1, runs: planned, spanMs })
	);
	return { seed, spanMs, runs: planned, faults: befalls.sort((a, b) => a.atMs - b.atMs) };
}

/** A kill first, then every kind in an order of the seed, again and again. */
function kindsOf(random: Random, count: number): FaultKind[] {
	const others = FAULT_KINDS.filter((kind) => kind !== 'kill');
	const kinds: FaultKind[] = [];
	while (kinds.length < count) kinds.push('kill', ...random.shuffled(others));
	return kinds.slice(0, count);
}

function plannedRun(
	random: Random,
	{ sample, id, spanMs }: { sample: Sample; id: string; spanMs: number }
): PlannedRun {
	const store = `store-agent/${random.pick(STORES)}`;
	return {
		...sampleRun(sample, { id, store, random }),
		id,
		startAtMs: random.whole(0, spanMs),
		answers: Array.from({ length: 4 }, () => plannedAnswer(random, 0.75)),
		decideAfterMs: random.whole(0, 4_000)
	};
}

function plannedAnswer(random: Random, yes: number): PlannedAnswer {
	return { approved: random.chance(yes), by: random.pick(APPROVERS) };
}

function plannedFault(
	random: Random,
	given: { kind: FaultKind; number: number; runs: PlannedRun[]; spanMs: number }
): PlannedFault {
	const { kind, number, runs, spanMs } = given;
	const somewhen = { number, atMs: random.whole(Math.round(spanMs * 0.15), spanMs) };
	const run = random.pick(runs);
	const gated = random.pick(runs.filter(({ gates }) => gates > 0));
	const soonAfter = (target: PlannedRun) => ({
		number,
		atMs: target.startAtMs + random.whole(0, 3_000),
		run: target
	});
	switch (kind) {
		case 'kill':
		case 'evict-operations':
			return { ...somewhen, kind };
		case 'index-restored':
			return { ...somewhen, kind, olderMs: random.whole(1_000, 6_000) };
		case 'evict-store':
			return { ...somewhen, kind, store: random.pick(STORES) };
		case 'intake-refused':
			return { ...somewhen, kind, forMs: random.whole(1_000, 5_000) };
		case 'intake-delayed':
			return {
				...somewhen,
				kind,
				forMs: random.whole(2_000, 6_000),
				delayMs: random.whole(100, 1_500)
			};
		case 'sockets-dropped':
			return { ...somewhen, kind, awayMs: random.whole(0, 3_000) };
		case 'callbacks-replayed':
		case 'restart':
		case 'terminate':
			return { ...soonAfter(run), kind };
		case 'sub-agent-deleted': {
			const below = runs.filter(({ workflow }) => workflow === 'AISLE_COUNT');
			return { ...soonAfter(below.length > 0 ? random.pick(below) : run), kind };
		}
		case 'binding-renamed':
			return { ...soonAfter(run), kind, forMs: random.whole(500, 3_000) };
		case 'pause-resume':
			return { ...soonAfter(run), kind, pausedMs: random.whole(200, 4_000) };
		case 'restart-from':
			return { ...soonAfter(run), kind, share: random.next() };
		case 'concurrent-decisions': {
			const people = random.shuffled(APPROVERS).slice(0, random.whole(2, 3));
			const answers = people.map((by) => ({ by, approved: random.chance(0.5) }));
			return { ...soonAfter(gated), kind, answers };
		}
		case 'command-cut': {
			const command = random.pick(['pause', 'terminate', 'restart', 'decide'] as const);
			const target = command === 'decide' ? gated : run;
			return { ...soonAfter(target), kind, command, cutAfterMs: random.whole(0, 40) };
		}
		case 'outside':
			return {
				...soonAfter(run),
				kind,
				change: random.pick(['pause', 'terminate', 'restart'] as const)
			};
	}
}
