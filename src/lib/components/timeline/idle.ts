import { isApprovalWait, type Timeline, type TimelineRow } from '../../protocol';
import { formatDuration } from '../time-format';
import type { Stretch } from './scale';

/** A stretch in which nothing was carried out, and what it was waited for. */
export type Idle = Stretch & { words: string };

/** Shorter ones are no burden. */
const LEAST_MS = 60_000;
/** A stretch is folded when it is so many times longer than all the work. */
const TIMES_WORK = 4;
const AT_MOST = 8;

/** The stretches that are worth folding, in their order. */
export function idleStretches(timeline: Timeline, now: number): Idle[] {
	const { rows, run } = timeline;
	const marks = rows.flatMap((row) => marksOf(row, now)).toSorted((a, b) => a.from - b.from);
	const end = run.endedAt ?? now;
	const gaps: Stretch[] = [];
	let workMs = 0;
	let until = marks[0]?.from ?? end;
	for (const mark of [...marks, { from: end, to: end }]) {
		if (mark.from - until >= LEAST_MS) gaps.push({ from: until, to: mark.from });
		workMs += Math.max(0, mark.to - Math.max(until, mark.from));
		until = Math.max(until, mark.to);
	}
	return gaps
		.filter(({ from, to }) => to - from >= workMs * TIMES_WORK)
		.toSorted((a, b) => b.to - b.from - (a.to - a.from))
		.slice(0, AT_MOST)
		.toSorted((a, b) => a.from - b.from)
		.map((gap) => ({ ...gap, words: wordsOf(gap, timeline) }));
}

/** When a row was at work; of what only waits, its beginning and its end. */
function marksOf(row: TimelineRow, now: number): Stretch[] {
	if (row.kind === 'sleep' || row.kind === 'wait') {
		const begin = { from: row.startedAt, to: row.startedAt };
		return row.endedAt === null ? [begin] : [begin, { from: row.endedAt, to: row.endedAt }];
	}
	if (row.attempts.length === 0) return [{ from: row.startedAt, to: row.endedAt ?? now }];
	return row.attempts.map(({ startedAt, endedAt }) => ({ from: startedAt, to: endedAt ?? now }));
}

/** `waiting for approval, 3 d 4 h`. */
function wordsOf({ from, to }: Stretch, { rows, pauses }: Timeline): string {
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
