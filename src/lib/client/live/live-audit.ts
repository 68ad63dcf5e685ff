import type { AuditEntry, AuditQuery, Change, RunRef } from '$lib/protocol';
import type { Connection } from '../socket/connection.svelte';
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

/** Who did what to one run and to its approvals, live, newest first. */
export class LiveRunAudit extends LiveView<readonly AuditEntry[]> {
	constructor(connection: Connection, ref: () => RunRef) {
		const view = () => {
			const { workflow, id } = ref();
			return { kind: 'run-audit' as const, workflow, id };
		};
		super(connection, view, applyToAudit);
	}
}
