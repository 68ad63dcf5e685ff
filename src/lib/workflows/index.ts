// The public interface of this folder. The Worker exports the classes, since bindings find them by name.
export { ApprovalExpiredError, ApprovalRejectedError } from './approval-errors';
export { WorkerCatalogue } from './catalogue';
export { defineWorkflow } from './define';
export { MAX_SLEEP_MS, toMs } from './duration';
export { currencyCode, durationBetween, httpUrl, required } from './fields';
export { bulk, BulkWorkflow } from './own/bulk';
export { notify, NotifyWorkflow } from './own/notify';
export { purge, PurgeWorkflow } from './own/purge';
export { allowedHosts } from '../protocol';
export { ForbiddenAddressError, publicFetch } from './public-fetch';
export {
	ApprovalWorkflow,
	requestApproval,
	type ApprovalRequest,
	type GrantedApproval
} from './request-approval';
export {
	AGENT_CALL,
	isEngineStop,
	isWaitTimeout,
	messageOf,
	orBadInput,
	plain,
	readParams
} from './steps';
