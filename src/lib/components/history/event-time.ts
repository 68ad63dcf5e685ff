import type { RunEvent } from '../../protocol';
import { formatClock, formatDuration } from '../ui/time-format';
import type { HistoryTime } from './history-view';

/** An event's time since the run's start, since the event before it, or as local time. */
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

/** A clock that was set back gives negative times. */
const signed = (ms: number) => `${ms < 0 ? '−' : '+'}${formatDuration(Math.abs(ms))}`;
