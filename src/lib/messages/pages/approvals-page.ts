import { translated } from '../locale';
import { formatNumber, plural } from '../plural';

const en = {
	title: 'Approvals',
	waiting: 'Waiting',
	events: 'Waiting for an event',
	noEventWaits: 'No run waits for an event.',
	decided: 'Decided',
	figures: 'Metrics',
	loading: 'Loading approvals',

	noMatchTitle: 'No matching approvals',
	clearFilters: 'Clear filters',
	noneWaiting: 'No pending approvals',
	noneForAssignee: 'No approvals waiting for you',
	waitingHint:
		'Runs that wait for an approval appear here automatically, those with the nearest deadline first.',
	noneDecided: 'No decisions yet',
	decidedHint: 'Decisions and expired requests appear here.',
	shownOf: (shown: number, total: number) => `${formatNumber(shown)} of ${formatNumber(total)}`,
	showMore: 'Show more',
	announcement: (total: number) =>
		plural(total, { one: '# approval is waiting', other: '# approvals are waiting' }),

	search: 'Find approvals',
	searchPlaceholder: 'Title, run, requester, or region:eu amount:>100',
	workflow: 'Workflow',
	severity: 'Severity',
	outcome: 'Outcome',

	assignee: 'Assignee',
	assignees: {
		'for-me': { label: 'For me', hint: 'Approvals that you can decide now' },
		mine: { label: 'Mine', hint: 'Approvals that you have claimed' },
		group: { label: 'My groups', hint: 'Approvals that one of your groups can decide' },
		unassigned: { label: 'Unassigned', hint: 'Approvals that nobody has claimed' },
		all: { label: 'All', hint: 'All pending approvals' }
	},
	groupSimilar: 'Group similar',
	groupSize: (similar: number, different: number) =>
		different === 0
			? `${formatNumber(similar)} similar`
			: `${formatNumber(similar)} similar, ${formatNumber(different)} different`,
	selectSimilar: (similar: number) => `Select ${formatNumber(similar)} similar`,
	deselectAll: 'Deselect all',
	others: 'Others',
	noLongerPending: 'No longer pending',

	selection: 'Selected approvals',
	selected: (approvals: number) => `${formatNumber(approvals)} selected`,
	clear: 'Clear',
	approve: 'Approve',
	reject: 'Reject',
	approveSome: (approvals: number) => `Approve ${formatNumber(approvals)}`,
	rejectSome: (approvals: number) => `Reject ${formatNumber(approvals)}`,
	groupTitle: (approved: boolean, approvals: number) => {
		const some = plural(approvals, { one: '# approval', other: '# approvals' });
		return approved ? `Approve ${some}` : `Reject ${some}`;
	},
	groupResult: (decided: number, total: number) =>
		`${formatNumber(decided)} of ${formatNumber(total)} decided`,
	results: 'Results',
	approved: 'approved',
	rejected: 'rejected',
	withForm: (approvals: number) =>
		plural(approvals, {
			one: '# approval has a form. It is approved with the values shown.',
			other: '# approvals have a form. They are approved with the values shown.'
		}),
	formData: 'Form data',
	comment: 'Comment',
	reason: 'Reason',
	reasonMissing: 'A reason is required to reject',
	cancel: 'Cancel',
	close: 'Close',
	noResult: 'The server returned no result for this approval.',

	undoable: 'Decisions that can be undone',
	decisions: (decisions: number) => plural(decisions, { one: '# decision', other: '# decisions' }),
	deliveredIn: (seconds: number) => `Delivered in ${formatNumber(seconds)} s`,
	undoAll: 'Undo all',
	deliverNow: 'Deliver now',

	recorded: 'Your approval was recorded',
	refused: (title: string, reason: string) => `${title}: ${reason}`,
	undone: 'Decision undone',
	delivered: 'Delivered',
	claimed: 'Claimed',
	released: 'Released',
	handedOver: (to: string) => `Handed over to ${to}`,

	shortcuts: 'Keyboard shortcuts',
	shortcutsHint: (seconds: number) =>
		`You can undo a decision for ${formatNumber(seconds)} seconds.`,
	keys: {
		next: 'Next approval',
		previous: 'Previous approval',
		approve: 'Go to Approve (Enter approves)',
		reject: 'Reject, with a reason',
		claim: 'Claim or release',
		undo: 'Undo the last decision',
		select: 'Select',
		open: 'Open',
		search: 'Search',
		clear: 'Clear the selection',
		keys: 'Show keyboard shortcuts'
	},

	links: {
		used: 'This link was already used. Each link works once.',
		expired: 'This link has expired. Links are valid for one week.',
		invalid: 'This link is invalid or incomplete.',
		unknownApproval: 'The approval behind this link no longer exists.',
		failed: 'This link could not be opened.',
		hint: 'Look for the approval in the list below.'
	},

	alerts: 'Alerts',
	alertsTitle: 'Alert me about new approvals',
	alertsDetail:
		'For approvals that you can decide, in this browser, while this page is in the background.',
	notification: 'Notification',
	sound: 'Sound',
	notificationsBlocked:
		'Your browser blocks notifications from this site. Allow them in its site settings.'
};

export const approvalsPageText = translated({ en });
