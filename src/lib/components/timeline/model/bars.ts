import type { Pause, TimelineAttempt, TimelineRow } from '$lib/protocol';
import { overdueSince } from '../../run/overdue';
import { place, timeAt, type Span } from './scale';

/** What a piece of a bar stands for. */
type BarLook =
	| 'track'
	| 'running'
	| 'completed'
	/** A successful rollback. */
	| 'undone'
	| 'errored'
	| 'interrupted'
	| 'cancelled'
	| 'backoff'
	| 'sleep'
	| 'wait'
	| 'overdue'
	| 'expired';

/** A piece of a bar, in percent of the width. */
export type Bar = { key: string; look: BarLook; left: number; width: number; open: boolean };

/** Earlier attempts are combined into one piece. */
const MAX_ATTEMPTS = 40;

/**
 * The pieces of a row's bar: a track for the whole, on it the attempts and back-offs. A row that was
 * due before `dueNow` is drawn beyond its due time.
 */
export function barsOf(row: TimelineRow, span: Span, now: number, dueNow = now): Bar[] {
	const onlyVisible = (bars: Bar[]) =>
		bars.filter(({ left, width }) => !span.lens || (left < 100 && left + width > 0));
	return onlyVisible(piecesOfBar(row, span, now, overdueSince(row, dueNow)));
}

function piecesOfBar(row: TimelineRow, span: Span, now: number, late: number | null): Bar[] {
	const bar = (key: string, look: BarLook, from: number, to: number | null): Bar => {
		const left = place(span, from);
		const end = to ?? Math.max(now, from);
		const width = Math.max(0, place(span, end) - left);
		return { key, look, left, width, open: to === null };
	};
	if (row.kind === 'sleep' || row.kind === 'wait') {
		const whole = bar('whole', lookOfRest(row), row.startedAt, late ?? row.endedAt);
		return late === null ? [whole] : [whole, bar('overdue', 'overdue', late, null)];
	}
	if (row.attempts.length === 0) {
		return [bar('whole', lookOfStep(row), row.startedAt, row.endedAt)];
	}
	const recent = row.attempts.slice(-MAX_ATTEMPTS);
	const early = row.attempts.slice(0, -MAX_ATTEMPTS);
	return [
		bar('track', 'track', row.startedAt, row.endedAt),
		...early.slice(0, 1).map((first) => bar('early', 'errored', first.startedAt, lastEnd(early))),
		...recent.flatMap((attempt, index) => {
			const next = recent[index + 1];
			const tried = bar(
				`attempt-${early.length + index}`,
				row.kind === 'rollback' && attempt.state === 'completed' ? 'undone' : attempt.state,
				attempt.startedAt,
				attempt.endedAt
			);
			const until = next
				? waitsUntil(attempt, next, row)
				: (late ?? waitsUntil(attempt, next, row));
			return attempt.endedAt === null || until === undefined
				? [tried]
				: [tried, bar(`backoff-${early.length + index}`, 'backoff', attempt.endedAt, until)];
		}),
		...(late === null ? [] : [bar('overdue', 'overdue', late, null)])
	];
}

function lastEnd(attempts: readonly TimelineAttempt[]): number | null {
	return attempts.at(-1)?.endedAt ?? null;
}

/** The end of a back-off; null while it lasts, undefined where there is none. */
function waitsUntil(
	attempt: TimelineAttempt,
	next: TimelineAttempt | undefined,
	row: TimelineRow
): number | null | undefined {
	if (attempt.retryDelayMs === null) return undefined;
	return next ? next.startedAt : row.endedAt;
}

function lookOfRest(row: TimelineRow): BarLook {
	if (row.state === 'cancelled') return 'cancelled';
	if (row.state === 'timedOut') return 'expired';
	return row.kind === 'sleep' ? 'sleep' : 'wait';
}

function lookOfStep(row: TimelineRow): BarLook {
	switch (row.state) {
		case 'completed':
			return row.kind === 'rollback' ? 'undone' : 'completed';
		case 'errored':
		case 'cancelled':
			return row.state;
		case 'timedOut':
			return 'expired';
		case 'retrying':
		case 'running':
		case 'open':
			return 'running';
	}
}

/** The visible pauses as bands behind the rows. */
export function pauseBands(pauses: readonly Pause[], span: Span, now: number) {
	return pauses.flatMap(({ from, to }) => {
		const end = to ?? now;
		if (end < timeAt(span, 0) || from > timeAt(span, 100)) return [];
		const left = place(span, from);
		const width = Math.max(0, place(span, end) - left);
		return [{ key: from, left, width, open: to === null }];
	});
}
