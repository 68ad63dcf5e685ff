import type { TimelineRow } from '$lib/protocol';
import { isGroup, type Entry } from './groups';
import type { Lens } from './scale';
import { STRIP_WIDTH, type StripLine } from './strips';

/** The height of the map and the minimum height of a line in it, px. */
export const MAP_HEIGHT = 32;
const MIN_LINE_HEIGHT = 2;

/** One line for each entry, or for several consecutive ones when there are many. */
export function mapLines(entries: readonly Entry[]): StripLine[] {
	const most = MAP_HEIGHT / MIN_LINE_HEIGHT;
	const count = Math.min(entries.length, most);
	if (count === 0) return [];
	const pitch = Math.min(6, MAP_HEIGHT / count);
	const height = pitch > 3 ? pitch - 1 : pitch;
	const lines = Array.from({ length: count }, (): TimelineRow[] => []);
	entries.forEach((entry, index) => {
		const line = lines[Math.floor((index * count) / entries.length)];
		if (!isGroup(entry)) line?.push(entry);
		else for (const member of entry.members) line?.push(member);
	});
	const above = (MAP_HEIGHT - count * pitch) / 2;
	return lines.map((rows, index) => ({ top: above + index * pitch, height, rows }));
}

/** The part of the map that is dragged: the window, or one of its sides. */
export type MapGrip = 'left' | 'right' | 'window';

/** The grip at a place (a share of the width); `slack` is the tolerance. */
export function gripAt({ left, right }: Lens, at: number, slack: number): MapGrip | null {
	if (Math.abs(at - left) <= slack && at < (left + right) / 2) return 'left';
	if (Math.abs(at - right) <= slack) return 'right';
	return at > left && at < right ? 'window' : null;
}

/** A narrower window could not be grabbed. */
const MIN_WINDOW_WIDTH = 0.004;

/** The window after a drag of one of its grips by a share of the map's width. */
export function dragged({ left, right }: Lens, grip: MapGrip, by: number): Lens {
	switch (grip) {
		case 'left':
			return { left: Math.min(Math.max(0, left + by), right - MIN_WINDOW_WIDTH), right };
		case 'right':
			return { left, right: Math.max(Math.min(1, right + by), left + MIN_WINDOW_WIDTH) };
		case 'window': {
			const within = Math.min(1 - right, Math.max(-left, by));
			return { left: left + within, right: right + within };
		}
	}
}

/** A new window between two places of the map. */
export function drawnOut(a: number, b: number): Lens {
	const clamp = (share: number) => Math.min(1, Math.max(0, share));
	const [left, right] = [clamp(Math.min(a, b)), clamp(Math.max(a, b))];
	return { left, right: Math.max(right, left + MIN_WINDOW_WIDTH) };
}

/** The window in the map's units; never too narrow to be visible. */
export function windowBox({ left, right }: Lens): { x: number; width: number } {
	return { x: left * STRIP_WIDTH, width: Math.max(2, (right - left) * STRIP_WIDTH) };
}
