import type { TimelineRow } from '$lib/protocol';
import { isGroup, type Entry } from './groups';
import type { Lens } from './scale';
import { STRIP_WIDTH, type StripLine } from './strips';

/** How high the map is, and the least of a line in it. */
export const MAP_HEIGHT = 32;
const LEAST_LINE = 2;

/** The lines of the map: one for each entry, or for some that follow each other when they are many. */
export function mapLines(entries: readonly Entry[]): StripLine[] {
	const most = MAP_HEIGHT / LEAST_LINE;
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

/** What a drag on the map holds: the window itself, or one of its sides. */
export type MapGrip = 'left' | 'right' | 'window';

/** What lies under a place of the map (a share of its width); `slack` is what a finger may miss by. */
export function gripAt({ left, right }: Lens, at: number, slack: number): MapGrip | null {
	if (Math.abs(at - left) <= slack && at < (left + right) / 2) return 'left';
	if (Math.abs(at - right) <= slack) return 'right';
	return at > left && at < right ? 'window' : null;
}

/** The narrowest window that can still be taken hold of. */
const NARROWEST = 0.004;

/** The window after a drag of one of its grips by a share of the map's width. */
export function dragged({ left, right }: Lens, grip: MapGrip, by: number): Lens {
	switch (grip) {
		case 'left':
			return { left: Math.min(Math.max(0, left + by), right - NARROWEST), right };
		case 'right':
			return { left, right: Math.max(Math.min(1, right + by), left + NARROWEST) };
		case 'window': {
			const within = Math.min(1 - right, Math.max(-left, by));
			return { left: left + within, right: right + within };
		}
	}
}

/** The window between two places of the map, drawn from one to the other. */
export function drawnOut(a: number, b: number): Lens {
	const clamp = (share: number) => Math.min(1, Math.max(0, share));
	const [left, right] = [clamp(Math.min(a, b)), clamp(Math.max(a, b))];
	return { left, right: Math.max(right, left + NARROWEST) };
}

/** Where the window lies in the map's own units; never too narrow to be seen. */
export function windowBox({ left, right }: Lens): { x: number; width: number } {
	return { x: left * STRIP_WIDTH, width: Math.max(2, (right - left) * STRIP_WIDTH) };
}
