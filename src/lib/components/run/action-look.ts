import { rolesText } from '$lib/messages/components/roles';
import { runText } from '$lib/messages/components/run';
import type { LucideIcon } from '@lucide/svelte';
import OctagonX from '@lucide/svelte/icons/octagon-x';
import Pause from '@lucide/svelte/icons/pause';
import Play from '@lucide/svelte/icons/play';
import RotateCcw from '@lucide/svelte/icons/rotate-ccw';
import Trash2 from '@lucide/svelte/icons/trash-2';
import {
	isEnded,
	controlRoles,
	mayRequest,
	OPERATIONS,
	type ControlledRun,
	type Role,
	type OperationName,
	type RunAction,
	type RunRow
} from '$lib/protocol';

/** How an action is shown, and what it does, explained before it happens. */
export type ActionLook = {
	verb: string;
	icon: LucideIcon;
	/** The toast after it was carried out. */
	done: string;
	consequence: string;
	/** Is it confirmed in a dialog first? */
	asks: boolean;
	danger: boolean;
	request: OperationName & `run.${RunAction}`;
};

/** How each action on a run is shown. */
export const ACTION_LOOK: Record<RunAction, ActionLook> = {
	pause: { ...runText.action.pause, icon: Pause, asks: false, danger: false, request: 'run.pause' },
	resume: {
		...runText.action.resume,
		icon: Play,
		asks: false,
		danger: false,
		request: 'run.resume'
	},
	terminate: {
		...runText.action.terminate,
		icon: OctagonX,
		asks: true,
		danger: true,
		request: 'run.terminate'
	},
	restart: {
		...runText.action.restart,
		icon: RotateCcw,
		asks: true,
		danger: false,
		request: 'run.restart'
	},
	delete: {
		...runText.action.delete,
		icon: Trash2,
		asks: true,
		danger: true,
		request: 'run.delete'
	}
};

/** `undoMs` is the time in which the action can be undone, in milliseconds; 0 for none. */
export type ActionOptions = { undoMs: number; rollback: boolean; reason?: string };

export function isUndoable(action: RunAction): action is 'terminate' | 'restart' {
	return action === 'terminate' || action === 'restart';
}

/** What an action does to this run. `children` counts its active child runs. */
export function consequenceOf(
	action: RunAction,
	{ status, step }: Pick<RunRow, 'status' | 'step'>,
	children: number
): string {
	const sentences = [ACTION_LOOK[action].consequence];
	if (action === 'restart' && !isEnded(status) && step !== null) {
		sentences.push(runText.stepInterrupted(step));
	}
	if (action === 'terminate' && children > 0) sentences.push(runText.childrenContinue(children));
	return sentences.join(' ');
}

/** Why somebody with these roles cannot use an action that the status of the run allows. */
export function missingRole(action: RunAction, run: ControlledRun, roles: readonly Role[]): string {
	const { request } = ACTION_LOOK[action];
	const needed = mayRequest(request, roles) ? controlRoles(run) : null;
	return rolesText.required(...(needed ?? OPERATIONS[request].roles));
}
