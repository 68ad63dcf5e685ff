// The keys of a timeline, once as what they mean and once in words for the sheet.

/** What a key can mean beside moving the selection. */
export type TimelineKey =
	| { does: 'zoom'; factor: number | null }
	| { does: 'pan'; percent: number }
	| { does: 'turn' | 'follow' | 'find' | 'keys' | 'close' };

/** How far one press pans, in percent of what is seen. */
const PAN = 20;
const ZOOM = 1.5;

/** What a press means; null where it is not the timeline's. Sideways keys pan only what is zoomed. */
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
			return isZoomed ? { does: 'pan', percent: -PAN } : { does: 'turn' };
		case 'ArrowRight':
			return isZoomed ? { does: 'pan', percent: PAN } : { does: 'turn' };
		case 'Enter':
		case ' ':
			return { does: 'turn' };
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
	['↑ ↓', 'Step before, next step'],
	['PageUp PageDown', 'A page of steps'],
	['Home End', 'First and last step'],
	['Enter', 'Open or close a group of steps'],
	['Esc', 'Close the step'],
	['+ -', 'Zoom in, zoom out'],
	['0', 'Fit the whole run'],
	['← →', 'Pan, when zoomed'],
	['l', 'Follow what happens now'],
	['/', 'Find steps'],
	['Ctrl wheel', 'Zoom where the pointer is; a pinch does the same'],
	['Shift wheel', 'Pan; so does a drag'],
	['?', 'This sheet']
] as const;
