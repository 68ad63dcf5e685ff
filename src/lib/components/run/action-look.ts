import { rolesText } from '$lib/messages/roles';
import type { LucideIcon } from '@lucide/svelte';
import OctagonX from '@lucide/svelte/icons/octagon-x';
import Pause from '@lucide/svelte/icons/pause';
import Play from '@lucide/svelte/icons/play';
import RotateCcw from '@lucide/svelte/icons/rotate-ccw';
import Trash2 from '@lucide/svelte/icons/trash-2';
import {
	isEnded,
	OPERATIONS,
	type OperationName,
	type RunAction,
	type RunRow
} from '$lib/protocol';

/** How an action is shown, and what it does, said before it is done. */
export type ActionLook = {
	verb: string;
	icon: LucideIcon;
	/** What is said when it was carried out. */
	done: string;
	/** What it does, in words. */
	consequence: string;
	/** Is it confirmed first? Not what is easily taken back. */
	asks: boolean;
	danger: boolean;
	request: OperationName & `run.${RunAction}`;
};

/** How each action on a run is shown. */
export const ACTION_LOOK: Record<RunAction, ActionLook> = {
	pause: {
		verb: 'Pause',
		icon: Pause,
		done: 'Pause asked for',
		consequence:
			'The step at work is finished, then nothing more is begun until it is resumed. Deadlines ' +
			'of approvals go on.',
		asks: false,
		danger: false,
		request: 'run.pause'
	},
	resume: {
		verb: 'Resume',
		icon: Play,
		done: 'Resumed',
		consequence: 'It goes on where it stands. What was due is put off by as long as it was paused.',
		asks: false,
		danger: false,
		request: 'run.resume'
	},
	terminate: {
		verb: 'Terminate',
		icon: OctagonX,
		done: 'Terminated',
		consequence:
			'The run stops where it stands and takes no further step. What its steps have already ' +
			'done stays done, and open approvals of it are cancelled.',
		asks: true,
		danger: true,
		request: 'run.terminate'
	},
	restart: {
		verb: 'Restart',
		icon: RotateCcw,
		done: 'Restarted',
		consequence:
			'The run begins again with the same params. Every step is carried out once more, also ' +
			'those that had an effect outside; results so far are no longer used. The history so far ' +
			'stays readable as a former generation.',
		asks: true,
		danger: false,
		request: 'run.restart'
	},
	delete: {
		verb: 'Delete',
		icon: Trash2,
		done: 'Deleted',
		consequence:
			'The record of this run, its history and its output are removed for everyone. This ' +
			'cannot be undone.',
		asks: true,
		danger: true,
		request: 'run.delete'
	}
};

/** How an action is to be done: the time in which it can be undone, Ms, and what goes before it. */
export type ActionOptions = { undoMs: number; rollback: boolean };

/** Can an action be held back for a while, so that it can be undone? */
export function isUndoable(action: RunAction): action is 'terminate' | 'restart' {
	return action === 'terminate' || action === 'restart';
}

/**
 * What an action does to this run. `children` are the runs that it started and that have not ended.
 */
export function consequenceOf(
	action: RunAction,
	{ status, step }: Pick<RunRow, 'status' | 'step'>,
	children: number
): string {
	const cutShort =
		action === 'restart' && !isEnded(status) && step !== null
			? ` It is at ${step} now: that is cut short.`
			: '';
	const goOn =
		action === 'terminate' && children > 0
			? ` The ${children === 1 ? 'run' : `${children} runs`} that it started ${children === 1 ? 'goes' : 'go'} on.`
			: '';
	return `${ACTION_LOOK[action].consequence}${cutShort}${goOn}`;
}

/** Why an action that the status admits is not open to this person. */
export function missingRole(action: RunAction): string {
	return rolesText.required(...OPERATIONS[ACTION_LOOK[action].request].roles);
}
