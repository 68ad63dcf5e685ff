import { runText } from '$lib/messages/components/run';
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
import RotateCcw from '@lucide/svelte/icons/rotate-ccw';
import TimerOff from '@lucide/svelte/icons/timer-off';
import Unplug from '@lucide/svelte/icons/unplug';
import Undo2 from '@lucide/svelte/icons/undo-2';
import {
	isApprovalWait,
	RUN_OUTCOMES,
	type ApprovalStatus,
	type RunOutcome,
	type RunStatus,
	type WaitingFor
} from '$lib/protocol';

/** The colour families of statuses; each has tokens `--tone-<tone>…`. */
export type Tone =
	'queued' | 'running' | 'waiting' | 'paused' | 'done' | 'failed' | 'refused' | 'stopped';

/** How a status is shown: always a word and an icon beside the colour. */
export type Look = { label: string; tone: Tone; icon: LucideIcon; spins?: boolean };

export const STATUS_LOOK: Record<RunStatus, Look> = {
	queued: { label: runText.status.queued, tone: 'queued', icon: CircleDashed },
	running: { label: runText.status.running, tone: 'running', icon: LoaderCircle, spins: true },
	waiting: { label: runText.status.waiting, tone: 'waiting', icon: Hourglass },
	waitingForPause: { label: runText.status.waitingForPause, tone: 'paused', icon: CirclePause },
	paused: { label: runText.status.paused, tone: 'paused', icon: CirclePause },
	rollingBack: { label: runText.status.rollingBack, tone: 'waiting', icon: Undo2 },
	complete: { label: runText.status.complete, tone: 'done', icon: CircleCheck },
	errored: { label: runText.status.errored, tone: 'failed', icon: CircleX },
	terminated: { label: runText.status.terminated, tone: 'stopped', icon: CircleStop },
	unknown: { label: runText.status.unknown, tone: 'queued', icon: CircleQuestionMark }
};

const OUTCOME_LOOK: Partial<Record<RunOutcome, Look>> = {
	rejected: { label: runText.outcome.rejected, tone: 'refused', icon: Hand },
	expired: { label: runText.outcome.expired, tone: 'refused', icon: TimerOff }
};

/** Its Worker has no binding for the workflow. */
const UNBOUND_LOOK: Look = { label: runText.noBinding, tone: 'failed', icon: Unplug };

export const APPROVAL_LOOK: Record<ApprovalStatus, Look> = {
	pending: { label: runText.approvalStatus.pending, tone: 'waiting', icon: Hand },
	approved: { label: runText.approvalStatus.approved, tone: 'done', icon: CircleCheck },
	rejected: { label: runText.approvalStatus.rejected, tone: 'refused', icon: Hand },
	expired: { label: runText.approvalStatus.expired, tone: 'refused', icon: TimerOff },
	cancelled: { label: runText.approvalStatus.cancelled, tone: 'stopped', icon: CircleStop },
	'decided-outside': {
		label: runText.approvalStatus['decided-outside'],
		tone: 'stopped',
		icon: CircleQuestionMark
	}
};

/** The look of a word; one that a newer server uses is shown as it came. */
export function lookIn<K extends string>(looks: Record<K, Look>, word: K): Look {
	if (Object.hasOwn(looks, word)) return looks[word];
	return { label: word, tone: 'queued', icon: CircleQuestionMark };
}

/** How a run looks: a rejection is no failure, and a sleep is no wait for a person. */
export function lookOf(run: {
	status: RunStatus;
	outcome?: RunOutcome | null;
	waitingFor?: WaitingFor | null;
	approvalEvents?: readonly string[] | undefined;
	missingBinding?: true | undefined;
}): Look {
	if (run.missingBinding) return UNBOUND_LOOK;
	const look = lookIn(STATUS_LOOK, run.status);
	if (run.outcome === 'lost') return { ...look, label: runText.outcome.lost };
	if (run.outcome && !RUN_OUTCOMES.includes(run.outcome)) {
		return { ...look, label: runText.statusAndOutcome(look.label, run.outcome) };
	}
	if (run.status === 'errored' && run.outcome) return OUTCOME_LOOK[run.outcome] ?? look;
	if (run.status !== 'waiting' || !run.waitingFor) return look;
	if (run.waitingFor.kind === 'sleep') return { ...look, label: runText.sleeping, icon: Moon };
	return isApprovalWait(run.waitingFor, run.approvalEvents) ? { ...look, icon: Hand } : look;
}

/** How a generation looks that was restarted before it ended. */
export const INTERRUPTED_LOOK: Look = {
	label: runText.interrupted,
	tone: 'stopped',
	icon: RotateCcw
};
