import type { RunEvent } from '../../protocol';
import { formatClock, formatDuration } from '../ui/time-format';
import type { HistoryTime } from './history-view';

/** When an event was: since the run's beginning, since the one above it, or by the clock. */
export function eventTime(
	event: RunEvent,
	by: HistoryTime,
	{ zero, before, now }: { zero: number; before: RunEvent | undefined; now: number }
): string {
	switch (by) {
		case 'start':
			return signed(event.timestamp - zero);
		case 'before':
			return signed(event.timestamp - (before?.timestamp ?? event.timestamp));
		case 'clock':
			return formatClock(event.timestamp, now);
	}
}

/** A clock that went back is shown as it was. */
const signed = (ms: number) => `${ms < 0 ? '−' : '+'}${formatDuration(Math.abs(ms))}`;
