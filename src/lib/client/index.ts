// The client's one door: the wire as the browser sees it, as reactive classes.
export { Catalogue } from './catalogue.svelte';
export { BulkJob, type BulkPage } from './bulk-job.svelte';
export { pageWorkspace } from './http';
export { Clock } from './socket/clock.svelte';
export { Connection } from './socket/connection.svelte';
export { getSignalbox, setSignalbox, type Signalbox } from './context';
export { FormerHistory } from './history/former-history.svelte';
export { formerRun } from './history/former-run';
export { LiveActivity } from './live/live-activity.svelte';
export { LiveAgent, MOST_BROADCASTS, type Broadcast } from './live/live-agent.svelte';
export { LiveAgents } from './live/live-agents.svelte';
export { LiveApproval, type ApprovalModel } from './live/live-approval.svelte';
export { LiveApprovalList } from './live/live-approval-list.svelte';
export {
	INBOX_PAGE,
	inboxQuery,
	LiveApprovals,
	type ApprovalsModel
} from './live/live-approvals.svelte';
export { LiveAudit, LiveRunAudit } from './live/live-audit.svelte';
export { LiveRun } from './live/live-run.svelte';
export { LiveRunList, type ListMark } from './live/live-run-list.svelte';
export { LiveRuns } from './live/live-runs.svelte';
export { LiveSavedViews } from './live/live-saved-views.svelte';
export { Myself } from './me.svelte';
export { type LinkStatus } from './socket/pulse';
export { Requests } from './requests';
export { gatherRunFile, modelOfFile, requestsOfFile } from './history/run-file';
export { type RunModel } from './live/run-model';
export { RowSlots } from './live/run-slots';
export { drawnRows, MARGIN_ROWS, type Stretch } from './live/run-window';
export { type RunsModel } from './live/runs-model';
