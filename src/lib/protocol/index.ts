// The protocol's one door: everything that crosses a boundary, and the pure rules about it.
export * from './run/actions';
export * from './wire/agent-counts';
export * from './approval/approval';
export * from './approval/approval-groups';
export * from './approval/approval-policy';
export * from './approval/approval-query';
export * from './run/around';
export * from './wire/audit';
export * from './run/bulk';
export * from './run/bulk-rules';
export * from './wire/catalogue';
export * from './run/commands';
export * from './run/events';
export * from './wire/exact-json';
export * from './wire/field-errors';
export * from './run/fold/due-times';
export * from './run/fold/fold';
export * from './run/fold/fold-status';
export * from './run/to-run';
export * from './run/undoable-command';
export * from './approval/gate';
export * from './wire/identity';
export * from './wire/json';
export * from './wire/live';
export * from './wire/person-key';
export * from './wire/outbound';
export * from './wire/problem';
export * from './wire/redact';
export * from './wire/maintenance';
export * from './run/metadata';
export * from './run/progress';
export * from './wire/policy';
export * from './wire/purge';
export * from './wire/purge-settings';
export * from './run/query';
export * from './query-language';
export * from './contract';
export * from './contract/routes';
export { type approvalOperations } from './contract/approvals';
export { type bulkOperations } from './contract/bulk';
export { type fleetOperations } from './contract/fleet';
export { type maintenanceOperations } from './contract/maintenance';
export {
	IDEMPOTENCY_HEADER,
	idempotencyKeySchema,
	type HttpRoute,
	type Placement
} from './contract/operation';
export { type policyOperations } from './contract/policies';
export { type purgeOperations } from './contract/purge';
export * from './contract/runs';
export { type viewOperations } from './contract/views';
export { type webhookOperations } from './contract/webhooks';
export * from './run/run';
export * from './run/run-file';
export * from './wire/saved-view';
export * from './wire/scope';
export * from './wire/subject';
export * from './run/run-history';
export * from './run/status';
export * from './run/system-workflows';
export * from './run/timeline';
export * from './wire/webhook';
export * from './wire/values';
