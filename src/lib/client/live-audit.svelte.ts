import type { AuditEntry, AuditQuery, Change } from '$lib/protocol';
import type { Connection } from './connection.svelte';
import { LiveView } from './live-view.svelte';

/** A live page of the audit log. */
export class LiveAudit extends LiveView<readonly AuditEntry[]> {
	constructor(connection: Connection, query: () => Partial<AuditQuery>) {
		super(connection, () => ({ kind: 'audit', query: query() }), applyToAudit);
	}
}

function applyToAudit(before: readonly AuditEntry[] | undefined, change: Change) {
	return change.kind === 'audit' ? change.entries : before;
}
