import { timelineText as text } from '$lib/messages/components/timeline';
import { isApprovalWait, type Timeline, type TimelineRow } from '$lib/protocol';
import { formatDuration } from '../../ui/time-format';
import type { TimeRange } from './scale';

/** A period in which nothing ran, with a label that says why. */
export type IdlePeriod = TimeRange & { label: string };

const LEAST_MS = 60_000;
/** A period is folded when it is this many times longer than all the work. */
const TIMES_WORK = 4;
const AT_MOST = 8;

/** The idle periods that are worth folding, in order. */
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
		.map((gap) => ({ ...gap, label: labelOf(gap, timeline) }));
}

/** Periods of work by their start, as plain numbers: there can be tens of thousands. */
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

/** When a row was working; for sleeps and waits, only their start and end. */
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
function labelOf({ from, to }: TimeRange, { rows, pauses }: Timeline): string {
	const length = formatDuration(to - from);
	const row = rows.find(
		({ startedAt, endedAt, sdk }) => !sdk && startedAt <= from && (endedAt ?? Infinity) >= to
	);
	if (!row) {
		const isPaused = pauses.some((pause) => pause.from <= to && (pause.to ?? Infinity) >= from);
		return isPaused ? text.idlePaused(length) : text.idle(length);
	}
	const { kind, name, eventType } = row;
	if (kind === 'sleep') return text.idleSleeping(length);
	if (kind !== 'wait') return text.idleRetrying(name, length);
	const isApproval = isApprovalWait({ name, eventType: eventType ?? undefined });
	return isApproval ? text.idleApproval(length) : text.idleEvent(eventType ?? name, length);
}
