import { formatNumber } from '../plural';
import { translated } from '../locale';

const en = {
	title: 'Overview',
	startWorkflow: 'Start workflow',
	runsByStatus: 'Runs by status',
	viewAll: 'View all',
	/** What the errored runs are by their outcome. */
	erroredParts: (failed: number, others: number) =>
		`${formatNumber(failed)} failed, ${formatNumber(others)} rejected or expired`,

	activityTitle: 'Last hour',
	activityUnit: 'Runs per minute',
	started: 'Started',
	completed: 'Completed',
	notCompleted: 'Errored or terminated',
	chartFailed: 'The chart could not be loaded. The table has the same numbers.',
	viewAsTable: 'View as table',
	minute: 'Minute',
	noActivity: 'No runs started or ended in the last hour.',

	inProgress: 'In progress',
	noneInProgress: 'No runs in progress',
	recentFailures: 'Recent failures',
	noneFailed: 'No failed runs',

	pendingApprovals: 'Pending approvals',
	noPendingApprovals: 'No pending approvals',
	/** `{time}` is when the approval was requested. */
	requested: 'requested {time}'
};

export const overviewText = translated({ en });
