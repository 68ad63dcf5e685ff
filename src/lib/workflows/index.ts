// The workflows' one door. The Worker exports the classes, since bindings find them by name.
export { Catalogue, catalogue } from './catalogue';
export { defineWorkflow } from './define';
export { AisleCountWorkflow, type AisleCountParams, type AisleCountResult } from './aisle-count';
export type { AisleErrand, AisleReport } from './aisle-errand';
export { BulkWorkflow, type BulkParams } from './bulk';
export { CatalogImportWorkflow } from './catalog-import';
export type { Product } from './catalog-rows';
export { FollowUpWorkflow } from './follow-up';
export { LinkAuditWorkflow } from './link-audit';
export { NotifyWorkflow } from './notify';
export type { WebhookMessage } from './post-message';
export { PurgeWorkflow } from './purge';
export { RefundWorkflow, type RefundParams } from './refund';
export { StockCountWorkflow } from './stock-count';
export { WriteOffWorkflow } from './write-off';
export { ApprovalExpiredError, ApprovalRejectedError } from './approval-errors';
export {
	ApprovalWorkflow,
	requestApproval,
	type ApprovalRequest,
	type GrantedApproval
} from './request-approval';
