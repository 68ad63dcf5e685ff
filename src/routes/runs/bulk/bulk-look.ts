import { ACTION_LOOK } from '$lib/components/run/action-look';
import type { Look } from '$lib/components/run/status-look';
import {
	BULK_REASONS,
	requestOf,
	type BulkAction,
	type BulkItemState,
	type BulkReason
} from '$lib/protocol';
import type { LucideIcon } from '@lucide/svelte';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import CircleDashed from '@lucide/svelte/icons/circle-dashed';
import CircleMinus from '@lucide/svelte/icons/circle-minus';
import CircleX from '@lucide/svelte/icons/circle-x';
import LoaderCircle from '@lucide/svelte/icons/loader-circle';
import Send from '@lucide/svelte/icons/send';
import StepForward from '@lucide/svelte/icons/step-forward';

/** What can be chosen for many runs. */
export const BULK_CHOICES = [
	'pause',
	'resume',
	'restart',
	'restart-from',
	'send-event',
	'terminate',
	'delete'
] as const;
export type BulkChoice = (typeof BULK_CHOICES)[number];

/** How a choice is shown, and what it does, said before it is done. */
export type BulkLook = {
	action: BulkAction;
	verb: string;
	icon: LucideIcon;
	/** `48 of 60 runs can be …`. */
	can: string;
	/** `Terminated 48 of 50`. */
	done: string;
	consequence: string;
	danger: boolean;
	/** Does it take something more to be said? */
	asks: boolean;
};

const quick = { danger: false, asks: false };
const grave = { danger: true, asks: false };

export const BULK_LOOK: Record<BulkChoice, BulkLook> = {
	pause: {
		...{ action: 'pause', verb: 'Pause', icon: ACTION_LOOK.pause.icon, ...quick },
		...{ can: 'can be paused', done: 'Paused' },
		consequence: 'Each stops before its next step and stands still until somebody resumes it.'
	},
	resume: {
		...{ action: 'resume', verb: 'Resume', icon: ACTION_LOOK.resume.icon, ...quick },
		...{ can: 'can be resumed', done: 'Resumed' },
		consequence: 'Each goes on where it stands.'
	},
	restart: {
		...{ action: 'restart', verb: 'Restart', icon: ACTION_LOOK.restart.icon, ...quick },
		...{ can: 'can be restarted', done: 'Restarted' },
		consequence:
			'Each begins again with the same params. Every step is carried out once more, also those ' +
			'that had an effect outside.'
	},
	'restart-from': {
		...{ action: 'restart', verb: 'Restart', icon: StepForward, danger: false, asks: true },
		...{ can: 'can be restarted', done: 'Restarted' },
		consequence:
			'Steps before it keep their results. The step and what comes after it are carried out once ' +
			'more, also what had an effect outside. Runs that never came to it fail and stay as they are.'
	},
	'send-event': {
		...{ action: 'send-event', verb: 'Send event', icon: Send, danger: false, asks: true },
		...{ can: 'wait for it', done: 'Sent the event to' },
		consequence: 'Each takes it at once and goes on with it. It cannot be called back.'
	},
	terminate: {
		...{ action: 'terminate', verb: 'Terminate', icon: ACTION_LOOK.terminate.icon, ...grave },
		...{ can: 'can be terminated', done: 'Terminated' },
		consequence:
			'Each stops where it stands and takes no further step. What its steps have already done ' +
			'stays done, and its open approvals are cancelled.'
	},
	delete: {
		...{ action: 'delete', verb: 'Delete', icon: ACTION_LOOK.delete.icon, ...grave },
		...{ can: 'can be deleted', done: 'Deleted' },
		consequence:
			'Their records, histories and outputs are removed for everyone. This cannot be undone.'
	}
};

/** The look of a job's action. */
export function lookOfAction(action: BulkAction): BulkLook {
	return BULK_LOOK[action];
}

/** The request whose role a choice takes. */
export const requestOfChoice = (choice: BulkChoice) => requestOf(BULK_LOOK[choice].action);

/** How what became of a run looks; what was not reached when the job ended will not be. */
export function lookOfItem(state: BulkItemState, isOver: boolean): Look {
	switch (state) {
		case 'done':
			return { label: 'Done', tone: 'done', icon: CircleCheck };
		case 'failed':
			return { label: 'Failed', tone: 'failed', icon: CircleX };
		case 'skipped':
			return { label: 'Skipped', tone: 'stopped', icon: CircleMinus };
		case 'doing':
			if (isOver) break;
			return { label: 'Asked', tone: 'running', icon: LoaderCircle, spins: true };
		case 'pending':
			break;
	}
	return { label: isOver ? 'Not reached' : 'To come', tone: 'queued', icon: CircleDashed };
}

/** Why a run was skipped: `has ended already`. */
export function whySkipped(reason: BulkReason): string {
	return BULK_REASONS[reason][0];
}

/** `1 run`, `1,200 runs`. */
export function runsText(runs: number): string {
	return runs === 1 ? '1 run' : `${runs.toLocaleString('en')} runs`;
}
