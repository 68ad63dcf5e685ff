import { bulkReasonsText } from '$lib/messages/server/bulk-reasons';
import { plural } from '$lib/messages/plural';
import { bulkActionsText } from '$lib/messages/pages/bulk-actions';
import { ACTION_LOOK } from '$lib/components/run/action-look';
import type { Look } from '$lib/components/run/status-look';
import { requestOf, type BulkAction, type BulkItemState, type BulkReason } from '$lib/protocol';
import type { LucideIcon } from '@lucide/svelte';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import CircleDashed from '@lucide/svelte/icons/circle-dashed';
import CircleMinus from '@lucide/svelte/icons/circle-minus';
import CircleX from '@lucide/svelte/icons/circle-x';
import LoaderCircle from '@lucide/svelte/icons/loader-circle';
import Send from '@lucide/svelte/icons/send';
import StepForward from '@lucide/svelte/icons/step-forward';

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

type Choice = (typeof bulkActionsText.choices)[BulkChoice];

/** The texts and icon of a choice. */
export type BulkLook = Choice & {
	action: BulkAction;
	icon: LucideIcon;
	danger: boolean;
	/** Does it need more input than the selection? */
	asks: boolean;
};

const { choices } = bulkActionsText;
const simple = { danger: false, asks: false };
const dangerous = { danger: true, asks: false };

export const BULK_LOOK: Record<BulkChoice, BulkLook> = {
	pause: { ...choices.pause, action: 'pause', icon: ACTION_LOOK.pause.icon, ...simple },
	resume: { ...choices.resume, action: 'resume', icon: ACTION_LOOK.resume.icon, ...simple },
	restart: { ...choices.restart, action: 'restart', icon: ACTION_LOOK.restart.icon, ...simple },
	'restart-from': {
		...choices['restart-from'],
		...{ action: 'restart', icon: StepForward, danger: false, asks: true }
	},
	'send-event': {
		...choices['send-event'],
		...{ action: 'send-event', icon: Send, danger: false, asks: true }
	},
	terminate: {
		...choices.terminate,
		...{ action: 'terminate', icon: ACTION_LOOK.terminate.icon, ...dangerous }
	},
	delete: { ...choices.delete, action: 'delete', icon: ACTION_LOOK.delete.icon, ...dangerous }
};

export function lookOfAction(action: BulkAction): BulkLook {
	return BULK_LOOK[action];
}

/** The request whose role the choice requires. */
export const requestOfChoice = (choice: BulkChoice) => requestOf(BULK_LOOK[choice].action);

/** The badge of a run's result. When the job has ended, pending runs were not reached. */
export function lookOfItem(state: BulkItemState, isOver: boolean): Look {
	const { itemStates } = bulkActionsText;
	switch (state) {
		case 'done':
			return { label: itemStates.done, tone: 'done', icon: CircleCheck };
		case 'failed':
			return { label: itemStates.failed, tone: 'failed', icon: CircleX };
		case 'skipped':
			return { label: itemStates.skipped, tone: 'stopped', icon: CircleMinus };
		case 'doing':
			if (isOver) break;
			return { label: itemStates.doing, tone: 'running', icon: LoaderCircle, spins: true };
		case 'pending':
			break;
		default: // of a newer server
			return { label: state, tone: 'queued', icon: CircleDashed };
	}
	return {
		label: isOver ? bulkActionsText.notReached : itemStates.pending,
		tone: 'queued',
		icon: CircleDashed
	};
}

/** The reason for skipping a run, such as `has ended already`. */
export function whySkipped(reason: BulkReason): string {
	if (!Object.hasOwn(bulkReasonsText, reason)) return reason; // of a newer server
	return plural(1, bulkReasonsText[reason]).replace(/^1 /, '');
}
