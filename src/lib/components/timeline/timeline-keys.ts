import { timelineText as text } from '$lib/messages/components/timeline';

/** What a key does, except moving the selection. */
export type TimelineKey =
	| { does: 'zoom'; factor: number | null }
	| { does: 'pan'; percent: number }
	| { does: 'toggle' | 'follow' | 'find' | 'keys' | 'close' };

/** How far one press pans, in percent of the visible range. */
const PAN = 20;
const ZOOM = 1.5;

/** Null for keys of others. Arrow keys pan only while zoomed in. */
export function timelineKey(event: KeyboardEvent, isZoomed: boolean): TimelineKey | null {
	if (event.metaKey || event.ctrlKey || event.altKey) return null;
	switch (event.key) {
		case '+':
		case '=':
			return { does: 'zoom', factor: ZOOM };
		case '-':
			return { does: 'zoom', factor: 1 / ZOOM };
		case '0':
			return { does: 'zoom', factor: null };
		case 'ArrowLeft':
			return isZoomed ? { does: 'pan', percent: -PAN } : { does: 'toggle' };
		case 'ArrowRight':
			return isZoomed ? { does: 'pan', percent: PAN } : { does: 'toggle' };
		case 'Enter':
		case ' ':
			return { does: 'toggle' };
		case 'l':
			return { does: 'follow' };
		case '/':
			return { does: 'find' };
		case '?':
			return { does: 'keys' };
		case 'Escape':
			return { does: 'close' };
		default:
			return null;
	}
}

export const TIMELINE_KEYS = [
	['↑ ↓', text.keys.move],
	['PageUp PageDown', text.keys.page],
	['Home End', text.keys.ends],
	['Enter', text.keys.toggle],
	['Esc', text.keys.close],
	['+ -', text.keys.zoom],
	['0', text.keys.fit],
	['← →', text.keys.pan],
	['l', text.keys.follow],
	['/', text.keys.find],
	['Ctrl wheel', text.keys.wheelZoom],
	['Shift wheel', text.keys.wheelPan],
	['?', text.keys.shortcuts]
] as const;
