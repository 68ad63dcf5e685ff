import { translated } from '../locale';
import { formatNumber } from '../plural';

const en = {
	previousResults: 'Results of the previous filter. Waiting for the server.',
	cancel: 'Cancel',
	clear: 'Clear',
	close: 'Close',
	dismiss: 'Dismiss',
	retry: 'Try again',
	showAll: 'Show all',
	loading: 'Loading',
	optional: 'optional',
	reason: 'Reason',
	reasonHint: 'Kept in the audit log',
	reasonMissing: 'A reason is required',
	notifications: 'Notifications',
	keyboardShortcuts: 'Keyboard shortcuts',
	singleKeys: 'Single-key shortcuts in this browser',

	copy: 'Copy',
	copied: 'Copied',
	copyFailed: 'The browser blocked copying',

	filterBy: (label: string) => `Filter by ${label.toLowerCase()}`,
	choicesSelected: (choices: number) => `${formatNumber(choices)} selected`,

	progress: 'Progress',
	percent: (percent: number) => `${Math.round(percent)}%`,
	partOfWhole: (part: number, whole: number) => `${formatNumber(part)} / ${formatNumber(whole)}`
};

export const uiText = translated({ en });
