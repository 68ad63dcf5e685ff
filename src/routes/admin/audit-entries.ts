import { runHref } from '$lib/components/run/hrefs';
import {
	approvalIdSchema,
	OPERATION_NAMES,
	OPERATIONS,
	runRefSchema,
	type AuditEntry
} from '$lib/protocol';

/** The page of the run or approval that an entry is about; null if there is none. */
export function targetHref({ target }: AuditEntry): string | null {
	if (target === null) return null;
	if (approvalIdSchema.safeParse(target).success) return `/approvals/${target}`;
	const [workflow, id, ...more] = target.split('/');
	const ref = runRefSchema.safeParse({ workflow, id });
	return ref.success && more.length === 0 ? runHref(ref.data) : null;
}

/** A readable form of `run.send-event`: `run: send event`. */
export function actionLabel(action: string): string {
	return action.replace('.', ': ').replaceAll('-', ' ');
}

/** Actions that are audited: those that change something. */
export const AUDITED_ACTIONS: readonly string[] = OPERATION_NAMES.filter(
	(name) => OPERATIONS[name].changes
);
