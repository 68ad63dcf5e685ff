import AlarmClock from '@lucide/svelte/icons/alarm-clock';
import Ban from '@lucide/svelte/icons/ban';
import Check from '@lucide/svelte/icons/check';
import Hand from '@lucide/svelte/icons/hand';
import Hourglass from '@lucide/svelte/icons/hourglass';
import LoaderCircle from '@lucide/svelte/icons/loader-circle';
import Moon from '@lucide/svelte/icons/moon';
import RotateCw from '@lucide/svelte/icons/rotate-cw';
import TimerOff from '@lucide/svelte/icons/timer-off';
import Undo2 from '@lucide/svelte/icons/undo-2';
import X from '@lucide/svelte/icons/x';
import { isApprovalWait, type RowKind, type RowState, type TimelineRow } from '$lib/protocol';
import type { Look } from '../../run/status-look';
import { formatDuration } from '../../ui/time-format';

const STATE_LOOK: Record<RowState, Look> = {
	running: { label: 'running', tone: 'running', icon: LoaderCircle, spins: true },
	retrying: { label: 'waiting to try again', tone: 'waiting', icon: RotateCw },
	completed: { label: 'completed', tone: 'done', icon: Check },
	errored: { label: 'failed', tone: 'failed', icon: X },
	timedOut: { label: 'timed out', tone: 'refused', icon: TimerOff },
	open: { label: 'waiting', tone: 'waiting', icon: Hourglass },
	cancelled: { label: 'cut short', tone: 'stopped', icon: Ban }
};

/** How a state looks, whatever the row is. */
export function lookOfState(state: RowState): Look {
	return STATE_LOOK[state];
}

/** What a row is called that is not a step. */
export const KIND_NAME: Record<RowKind, string> = {
	step: 'step',
	sleep: 'sleep',
	wait: 'wait',
	rollback: 'rollback'
};

/** How a row looks that should have ended by now. */
const LATE_LOOK: Look = { label: 'overdue', tone: 'failed', icon: AlarmClock };

/** How a row looks: its state by word and colour, its kind by the icon where it has one. */
export function lookOfRow(row: TimelineRow, isLate = false): Look {
	if (isLate) return LATE_LOOK;
	const look = STATE_LOOK[row.state];
	if (row.state === 'errored' || row.state === 'timedOut') return look;
	if (row.kind === 'rollback') return { ...look, icon: Undo2 };
	if (row.kind === 'sleep') {
		return { ...look, icon: Moon, label: row.state === 'open' ? 'asleep' : look.label };
	}
	if (row.kind !== 'wait') return look;
	const icon = isApprovalWait({ name: row.name, eventType: row.eventType ?? undefined })
		? Hand
		: Hourglass;
	return { ...look, icon, label: row.state === 'completed' ? 'answered' : look.label };
}

/** How long a row lasted, or has so far. */
export function tookOf(row: TimelineRow, now: number): string {
	const { startedAt, endedAt } = row;
	return formatDuration((endedAt ?? now) - startedAt, { coarse: endedAt === null });
}

/** What is read aloud of a name at most, characters. */
const SPOKEN = 200;

/** A row's name, with its number when it is not the first of that name. */
export function titleOf({ name, count }: Pick<TimelineRow, 'name' | 'count'>): string {
	const short = name.length > SPOKEN ? `${name.slice(0, SPOKEN)}…` : name;
	return count > 1 ? `${short} ${count}` : short;
}

/** A row in one sentence, for those who listen: `charge-card 2, step, failed, 1.2 s, 3 attempts`. */
export function rowWords(row: TimelineRow, look: Look, now: number): string {
	const attempts = row.attempts.length;
	return [
		titleOf(row),
		row.kind === 'wait' && row.eventType ? `wait for ${row.eventType}` : KIND_NAME[row.kind],
		look.label,
		tookOf(row, now),
		attempts > 1 ? `${attempts} attempts` : ''
	]
		.filter(Boolean)
		.join(', ');
}
