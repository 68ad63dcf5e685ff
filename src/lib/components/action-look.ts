import type { LucideIcon } from '@lucide/svelte';
import OctagonX from '@lucide/svelte/icons/octagon-x';
import Pause from '@lucide/svelte/icons/pause';
import Play from '@lucide/svelte/icons/play';
import RotateCcw from '@lucide/svelte/icons/rotate-ccw';
import Trash2 from '@lucide/svelte/icons/trash-2';
import { REQUEST_ROLES, type RequestType, type RunAction } from '$lib/protocol';

/** How an action is shown, and what it does, said before it is done. */
export type ActionLook = {
	verb: string;
	icon: LucideIcon;
	/** What is said when it was carried out. */
	done: string;
	/** The consequence to be confirmed; null for what is easily taken back. */
	consequence: string | null;
	danger: boolean;
	request: RequestType & `run.${RunAction}`;
};

/** How each action on a run is shown. */
export const ACTION_LOOK: Record<RunAction, ActionLook> = {
	pause: {
		verb: 'Pause',
		icon: Pause,
		done: 'Pause asked for',
		consequence: null,
		danger: false,
		request: 'run.pause'
	},
	resume: {
		verb: 'Resume',
		icon: Play,
		done: 'Resumed',
		consequence: null,
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
		danger: true,
		request: 'run.terminate'
	},
	restart: {
		verb: 'Restart',
		icon: RotateCcw,
		done: 'Restarted',
		consequence:
			'The run begins again with the same params. Every step is carried out once more, also ' +
			'those that had an effect outside; results so far are no longer used.',
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
		danger: true,
		request: 'run.delete'
	}
};

/** Why an action that the status admits is not open to this person. */
export function missingRole(action: RunAction): string {
	return `Needs the role ${REQUEST_ROLES[ACTION_LOOK[action].request].join(' or ')}`;
}
