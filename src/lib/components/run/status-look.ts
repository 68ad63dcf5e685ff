import type { LucideIcon } from '@lucide/svelte';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import CircleDashed from '@lucide/svelte/icons/circle-dashed';
import CirclePause from '@lucide/svelte/icons/circle-pause';
import CircleQuestionMark from '@lucide/svelte/icons/circle-question-mark';
import CircleStop from '@lucide/svelte/icons/circle-stop';
import CircleX from '@lucide/svelte/icons/circle-x';
import Hand from '@lucide/svelte/icons/hand';
import Hourglass from '@lucide/svelte/icons/hourglass';
import LoaderCircle from '@lucide/svelte/icons/loader-circle';
import Moon from '@lucide/svelte/icons/moon';
import TimerOff from '@lucide/svelte/icons/timer-off';
import Undo2 from '@lucide/svelte/icons/undo-2';
import {
	isApprovalWait,
	type ApprovalStatus,
	type RunOutcome,
	type RunStatus,
	type WaitingFor
} from '$lib/protocol';

/** The families of colour that a status can have; each has tokens `--tone-<tone>…`. */
export type Tone =
	'queued' | 'running' | 'waiting' | 'paused' | 'done' | 'failed' | 'refused' | 'stopped';

/** How something with a status is shown: always a word and an icon beside the colour. */
export type Look = { label: string; tone: Tone; icon: LucideIcon; spins?: boolean };

/** How each status of a run looks. */
export const STATUS_LOOK: Record<RunStatus, Look> = {
	queued: { label: 'Queued', tone: 'queued', icon: CircleDashed },
	running: { label: 'Running', tone: 'running', icon: LoaderCircle, spins: true },
	waiting: { label: 'Waiting', tone: 'waiting', icon: Hourglass },
	waitingForPause: { label: 'Pausing', tone: 'paused', icon: CirclePause },
	paused: { label: 'Paused', tone: 'paused', icon: CirclePause },
	rollingBack: { label: 'Rolling back', tone: 'waiting', icon: Undo2 },
	complete: { label: 'Complete', tone: 'done', icon: CircleCheck },
	errored: { label: 'Errored', tone: 'failed', icon: CircleX },
	terminated: { label: 'Terminated', tone: 'stopped', icon: CircleStop },
	unknown: { label: 'Unknown', tone: 'queued', icon: CircleQuestionMark }
};

const OUTCOME_LOOK: Partial<Record<RunOutcome, Look>> = {
	rejected: { label: 'Rejected', tone: 'refused', icon: Hand },
	expired: { label: 'Expired', tone: 'refused', icon: TimerOff }
};

/** How each status of an approval looks. */
export const APPROVAL_LOOK: Record<ApprovalStatus, Look> = {
	pending: { label: 'Pending', tone: 'waiting', icon: Hand },
	approved: { label: 'Approved', tone: 'done', icon: CircleCheck },
	rejected: { label: 'Rejected', tone: 'refused', icon: Hand },
	expired: { label: 'Expired', tone: 'refused', icon: TimerOff },
	cancelled: { label: 'Cancelled', tone: 'stopped', icon: CircleStop }
};

/** How a run looks: an approver's "no" is not a crash, and a sleep is not a wait for a person. */
export function lookOf(run: {
	status: RunStatus;
	outcome?: RunOutcome | null;
	waitingFor?: WaitingFor | null;
}): Look {
	const look = STATUS_LOOK[run.status];
	if (run.status === 'errored' && run.outcome) return OUTCOME_LOOK[run.outcome] ?? look;
	if (run.status !== 'waiting' || !run.waitingFor) return look;
	if (run.waitingFor.kind === 'sleep') return { ...look, label: 'Sleeping', icon: Moon };
	return isApprovalWait(run.waitingFor) ? { ...look, icon: Hand } : look;
}
