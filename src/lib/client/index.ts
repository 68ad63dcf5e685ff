// The client's one door: the wire as the browser sees it, as reactive classes.
export { Catalogue } from './catalogue.svelte';
export { BulkJob, type BulkPage } from './bulk-job.svelte';
export { Clock } from './clock.svelte';
export { Connection } from './connection.svelte';
export { getSignalbox, setSignalbox, type Signalbox } from './context';
export { FormerHistory } from './former-history.svelte';
export { formerRun } from './former-run';
export { LiveActivity } from './live-activity.svelte';
export { LiveAgent, MOST_BROADCASTS, type Broadcast } from './live-agent.svelte';
export { LiveAgents } from './live-agents.svelte';
export { LiveApproval, type ApprovalModel } from './live-approval.svelte';
export { LiveApprovalList } from './live-approval-list.svelte';
export {
	INBOX_PAGE,
	inboxQuery,
	LiveApprovals,
	type ApprovalsModel
} from './live-approvals.svelte';
export { LiveAudit, LiveRunAudit } from './live-audit.svelte';
export { LiveRun } from './live-run.svelte';
export { LiveRunList, type ListMark } from './live-run-list.svelte';
export { LiveRuns } from './live-runs.svelte';
export { LiveSavedViews } from './live-saved-views.svelte';
export { Myself } from './me.svelte';
export { type LinkStatus } from './pulse';
export { Requests, type ValueOf } from './requests';
export { gatherRunFile, modelOfFile, requestsOfFile } from './run-file';
export { type RunModel } from './run-model';
export { RowSlots } from './run-slots';
export { drawnRows, MARGIN_ROWS, type Stretch } from './run-window';
export { type RunsModel } from './runs-model';
