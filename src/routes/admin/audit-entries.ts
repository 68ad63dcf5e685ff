import { runHref } from '$lib/components/run/hrefs';
import {
	approvalIdSchema,
	OPERATION_NAMES,
	OPERATIONS,
	agentPathSchema,
	runRefSchema,
	STATE_WRITE,
	toJson,
	type AuditEntry,
	type Json
} from '$lib/protocol';

/** The page of the run, approval or Agent that an entry is about; null if there is none. */
export function targetHref({ action, target }: AuditEntry): string | null {
	if (target === null) return null;
	if (action === STATE_WRITE)
		return agentPathSchema.safeParse(target).success ? `/fleet/${target}` : null;
	if (approvalIdSchema.safeParse(target).success) return `/approvals/${target}`;
	const [workflow, id, ...more] = target.split('/');
	const ref = runRefSchema.safeParse({ workflow, id });
	return ref.success && more.length === 0 ? runHref(ref.data) : null;
}

/** Actions that people are audited for: those that change something. */
export const AUDITED_ACTIONS: readonly string[] = [
	...OPERATION_NAMES.filter((name) => OPERATIONS[name].changes),
	STATE_WRITE
];

/** Results that are filtered by most. */
export const AUDITED_RESULTS: readonly string[] = [
	...['done', 'held', 'failed', 'interrupted', 'pending'],
	...['forbidden', 'invalid-input', 'wrong-state', 'self-approval', 'unavailable']
];

/** The status of the target before and after, where that changed. */
export function statusChange({ before, after }: AuditEntry): { from: string; to: string } | null {
	const [from, to] = [statusIn(before), statusIn(after)];
	return from !== null && to !== null && from !== to ? { from, to } : null;
}

function statusIn(state: AuditEntry['before']): string | null {
	const status: unknown = Object(state)['status'];
	return typeof status === 'string' ? status : null;
}

/** All that an entry says beside its line, without what it does not say. */
export function detailsOf({ subject, reason, from, before, after, detail }: AuditEntry): Json {
	const said = Object.entries({ subject, reason, from, before, after, detail });
	return toJson(Object.fromEntries(said.filter(([, value]) => value != null)));
}
