import { timelineText as text } from '$lib/messages/components/timeline';
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
import { isApprovalWait, type RowState, type TimelineRow } from '$lib/protocol';
import type { Look } from '../../run/status-look';
import { formatDuration } from '../../ui/time-format';

const STATE_LOOK: Record<RowState, Look> = {
	running: { label: text.state.running, tone: 'running', icon: LoaderCircle, spins: true },
	retrying: { label: text.state.retrying, tone: 'waiting', icon: RotateCw },
	completed: { label: text.state.completed, tone: 'done', icon: Check },
	errored: { label: text.state.errored, tone: 'failed', icon: X },
	timedOut: { label: text.state.timedOut, tone: 'refused', icon: TimerOff },
	open: { label: text.state.open, tone: 'waiting', icon: Hourglass },
	cancelled: { label: text.state.cancelled, tone: 'stopped', icon: Ban }
};

/** The look of a state for any kind of row. */
export function lookOfState(state: RowState): Look {
	return STATE_LOOK[state];
}

const OVERDUE_LOOK: Look = { label: text.overdue, tone: 'failed', icon: AlarmClock };

/** A row shows its state by word and colour, and some kinds by their icon. */
export function lookOfRow(row: TimelineRow, isOverdue = false): Look {
	if (isOverdue) return OVERDUE_LOOK;
	const look = STATE_LOOK[row.state];
	if (row.state === 'errored' || row.state === 'timedOut') return look;
	if (row.kind === 'rollback') return { ...look, icon: Undo2 };
	if (row.kind === 'sleep') {
		return { ...look, icon: Moon, label: row.state === 'open' ? text.sleeping : look.label };
	}
	if (row.kind !== 'wait') return look;
	const icon = isApprovalWait({ name: row.name, eventType: row.eventType ?? undefined })
		? Hand
		: Hourglass;
	return { ...look, icon, label: row.state === 'completed' ? text.received : look.label };
}

/** How long a row took, or has taken so far. */
export function tookOf(row: TimelineRow, now: number): string {
	const { startedAt, endedAt } = row;
	return formatDuration((endedAt ?? now) - startedAt, { coarse: endedAt === null });
}

/** Longer names are cut in accessible names, characters. */
const MAX_NAME = 200;

/** A row's name, with its number unless it is the first of that name. */
export function titleOf({ name, count }: Pick<TimelineRow, 'name' | 'count'>): string {
	const short = name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}…` : name;
	return count > 1 ? `${short} ${count}` : short;
}

/** The accessible name: `charge-card 2, step, failed, 1.2 s, 3 attempts`. */
export function rowLabel(row: TimelineRow, look: Look, now: number): string {
	const attempts = row.attempts.length;
	return [
		titleOf(row),
		row.kind === 'wait' && row.eventType ? text.waitForEvent(row.eventType) : text.kind[row.kind],
		look.label,
		tookOf(row, now),
		attempts > 1 ? text.attempts(attempts) : ''
	]
		.filter(Boolean)
		.join(', ');
}
