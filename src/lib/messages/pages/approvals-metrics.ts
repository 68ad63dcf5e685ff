import { translated } from '../locale';

const en = {
	loading: 'Loading metrics',
	now: 'Now',
	waiting: 'Waiting',
	waitingLongest: 'Oldest request',
	nothingWaiting: 'None',
	expired: 'Deadline passed',
	since: 'Decisions since',
	emptyTitle: 'No approvals yet',
	emptyDetail: 'Metrics appear with the first approval.',
	byWorkflowTitle: 'Time to decision by workflow',
	byWorkflow: 'By workflow',
	byApproverTitle: 'Time to decision by approver',
	byApprover: 'By approver',
	workflow: 'Workflow',
	approver: 'Approver',
	median: 'Median',
	p95: '95th percentile',
	approved: 'Approved',
	rejected: 'Rejected',
	refresh: 'Refresh'
};

export const approvalsMetricsText = translated({ en });
