import { isApprovalWait, type Timeline, type TimelineRow } from '$lib/protocol';
import { formatDuration } from '../../ui/time-format';
import type { TimeRange } from './scale';

/** A stretch in which nothing was carried out, and what it was waited for. */
export type IdlePeriod = TimeRange & { words: string };

/** Shorter ones are no burden. */
const LEAST_MS = 60_000;
/** A stretch is folded when it is so many times longer than all the work. */
const TIMES_WORK = 4;
const AT_MOST = 8;

/** The stretches that are worth folding, in their order. */
export function idlePeriods(timeline: Timeline, now: number): IdlePeriod[] {
	const { rows, run } = timeline;
	const work = workIn(rows, now);
	const end = run.endedAt ?? now;
	const gaps: TimeRange[] = [];
	let workMs = 0;
	let until = work.from[0] ?? end;
	for (let index = 0; index <= work.from.length; index += 1) {
		const from = work.from[index] ?? end;
		const to = work.to[index] ?? end;
		if (from - until >= LEAST_MS) gaps.push({ from: until, to: from });
		workMs += Math.max(0, to - Math.max(until, from));
		until = Math.max(until, to);
	}
	return gaps
		.filter(({ from, to }) => to - from >= workMs * TIMES_WORK)
		.toSorted((a, b) => b.to - b.from - (a.to - a.from))
		.slice(0, AT_MOST)
		.toSorted((a, b) => a.from - b.from)
		.map((gap) => ({ ...gap, words: wordsOf(gap, timeline) }));
}

/** Stretches of work by their beginnings, as numbers only: there can be tens of thousands. */
type Work = { from: number[]; to: number[] };

function workIn(rows: readonly TimelineRow[], now: number): Work {
	const work: Work = { from: [], to: [] };
	let isSorted = true;
	let last = -Infinity;
	const add = (from: number, to: number) => {
		isSorted &&= from >= last;
		last = from;
		work.from.push(from);
		work.to.push(to);
	};
	for (const row of rows) addWork(row, now, add);
	return isSorted ? work : sorted(work);
}

function sorted({ from, to }: Work): Work {
	const order = from.map((_, index) => index);
	order.sort((a, b) => (from[a] ?? 0) - (from[b] ?? 0));
	return {
		from: order.map((index) => from[index] ?? 0),
		to: order.map((index) => to[index] ?? 0)
	};
}

/** When a row was at work; of what only waits, its beginning and its end. */
function addWork(row: TimelineRow, now: number, add: (from: number, to: number) => void): void {
	const { kind, startedAt, endedAt, attempts } = row;
	if (kind === 'sleep' || kind === 'wait') {
		add(startedAt, startedAt);
		if (endedAt !== null) add(endedAt, endedAt);
	} else if (attempts.length === 0) {
		add(startedAt, endedAt ?? now);
	} else {
		for (const attempt of attempts) add(attempt.startedAt, attempt.endedAt ?? now);
	}
}

/** `waiting for approval, 3 d 4 h`. */
function wordsOf({ from, to }: TimeRange, { rows, pauses }: Timeline): string {
	const long = formatDuration(to - from);
	const row = rows.find(
		({ startedAt, endedAt, sdk }) => !sdk && startedAt <= from && (endedAt ?? Infinity) >= to
	);
	if (row) return `${restName(row)}, ${long}`;
	const isPaused = pauses.some((pause) => pause.from <= to && (pause.to ?? Infinity) >= from);
	return `${isPaused ? 'paused' : 'idle'}, ${long}`;
}

function restName(row: TimelineRow): string {
	if (row.kind === 'sleep') return 'asleep';
	if (row.kind !== 'wait') return `${row.name} between attempts`;
	const { name, eventType } = row;
	const isApproval = isApprovalWait({ name, eventType: eventType ?? undefined });
	return `waiting for ${isApproval ? 'approval' : (eventType ?? name)}`;
}
