// Many bars drawn as a few shapes: the members of a group, and the whole run in the minimap. Bars of
// one look that touch become one piece, so the cost is bounded by the width.
import type { AttemptState, TimelineRow } from '$lib/protocol';
import { place, timeAt, type Span, type TimeRange } from './scale';

/** The looks, drawn in this order. */
export const STRIP_LOOKS = ['stopped', 'waiting', 'done', 'running', 'failed'] as const;
export type StripLook = (typeof STRIP_LOOKS)[number];

/** The width of the box that strips are drawn in before they are stretched. */
export const STRIP_WIDTH = 1_000;
/** Keeps a short failure visible. */
const MIN_WIDTH = 2;

/** The outline of all pieces of one look, as the `d` of an SVG path. */
export type Strip = { look: StripLook; d: string };

export type StripLine = { top: number; height: number; rows: readonly TimelineRow[] };

export function stripLook({ kind, state }: TimelineRow): StripLook {
	switch (state) {
		case 'errored':
		case 'timedOut':
			return 'failed';
		case 'running':
			return 'running';
		case 'cancelled':
			return 'stopped';
		case 'retrying':
		case 'open':
			return 'waiting';
		case 'completed':
			return kind === 'sleep' || kind === 'wait' ? 'waiting' : 'done';
	}
}

/** A retried row is drawn by its attempts. */
const ATTEMPT_LOOK: Record<AttemptState, StripLook> = {
	running: 'running',
	completed: 'done',
	errored: 'failed',
	interrupted: 'stopped',
	cancelled: 'stopped'
};

/** The shapes of lines of bars in the visible part of the span. */
export function strips(lines: readonly StripLine[], span: Span, now: number): Strip[] {
	const paths = new Map<StripLook, string[]>(STRIP_LOOKS.map((look) => [look, []]));
	const seen = { from: timeAt(span, 0), to: timeAt(span, 100) };
	const pen = { now, seen, paths, placeOf: placeIn(span, seen) };
	for (const line of lines) writeLine(line, pen);
	return STRIP_LOOKS.flatMap((look) => {
		const d = paths.get(look)?.join('') ?? '';
		return d === '' ? [] : [{ look, d }];
	});
}

/** Maps times to the units of the strip. Without folds that is one multiplication. */
function placeIn(span: Span, seen: TimeRange): (at: number) => number {
	if (span.folds?.length) return (at) => (place(span, at) / 100) * STRIP_WIDTH;
	const scale = STRIP_WIDTH / Math.max(1e-6, seen.to - seen.from);
	return (at) => Math.min(STRIP_WIDTH, Math.max(0, (at - seen.from) * scale));
}

type Pen = {
	now: number;
	placeOf: (at: number) => number;
	seen: TimeRange;
	paths: ReadonlyMap<StripLook, string[]>;
};

/** The open piece of each look; a bar that does not touch it closes it. */
type ScalePiece = { left: number; right: number };

function writeLine(line: StripLine, pen: Pen): void {
	const { now, seen, placeOf } = pen;
	const pieces = new Map<StripLook, ScalePiece>();
	const draw = (look: StripLook, from: number, to: number) => {
		if (to < seen.from || from > seen.to) return;
		const left = placeOf(from);
		const right = Math.max(left + MIN_WIDTH, placeOf(to));
		const last = pieces.get(look);
		// Rows are ordered by start, or nearly, so only the last piece can be touched.
		if (last && left <= last.right + 0.5) {
			last.left = Math.min(last.left, left);
			last.right = Math.max(last.right, right);
		} else {
			if (last) close(line, pen, look, last);
			pieces.set(look, { left, right });
		}
	};
	for (const row of line.rows) {
		const { startedAt, endedAt, attempts } = row;
		if (attempts.length < 2) draw(stripLook(row), startedAt, endedAt ?? Math.max(now, startedAt));
		else
			for (const { state, startedAt: from, endedAt: to } of attempts)
				draw(ATTEMPT_LOOK[state], from, to ?? Math.max(now, from));
	}
	for (const [look, piece] of pieces) close(line, pen, look, piece);
}

function close(
	{ top, height }: StripLine,
	{ paths }: Pen,
	look: StripLook,
	piece: ScalePiece
): void {
	const { left, right } = piece;
	paths
		.get(look)
		?.push(`M${round(left)} ${round(top)}H${round(right)}v${round(height)}H${round(left)}z`);
}

const round = (value: number) => Math.round(value * 100) / 100;
