import { approvalsText } from '$lib/messages/components/approvals';
import { groupApprovals, type Approval } from '../../protocol';
import { validate } from '../schema-form/validate';

/** Similar requests: those to decide together, and the others with the reason. */
export type SimilarGroup = {
	key: string;
	workflow: string;
	step: string;
	similar: Approval[];
	outliers: { approval: Approval; reason: string }[];
};

export type SimilarApprovals = {
	groups: SimilarGroup[];
	/** Requests without similar ones. */
	single: Approval[];
};

const MIN_GROUP_SIZE = 2;

/**
 * Groups a list of approvals. `whyNot` says why this person cannot decide one now. An approval that
 * is decided while the list is open stays in its group.
 */
export function groupSimilar(
	approvals: readonly Approval[],
	whyNot: (approval: Approval) => string | undefined
): SimilarApprovals {
	const shown = new Map(approvals.map((approval) => [approval.id, approval]));
	const pending = approvals.map((approval) => ({ ...approval, status: 'pending' as const }));
	const groups: SimilarGroup[] = [];
	const single: Approval[] = [];
	for (const { key, workflow, step, alike, standOut } of groupApprovals(pending)) {
		const reasons = new Map(
			standOut.map(({ approval, outliers }) => [
				approval.id,
				outliers.map(({ detail }) => detail).join('; ')
			])
		);
		const similar: Approval[] = [];
		const outliers: SimilarGroup['outliers'] = [];
		for (const { id } of [...alike, ...standOut.map(({ approval }) => approval)]) {
			const approval = shown.get(id);
			if (!approval) continue;
			const reason = whyNot(approval) ?? reasons.get(id) ?? reasonToDecideAlone(approval);
			if (reason === null) similar.push(approval);
			else outliers.push({ approval, reason });
		}
		if (similar.length >= MIN_GROUP_SIZE) groups.push({ key, workflow, step, similar, outliers });
		else single.push(...similar, ...outliers.map(({ approval }) => approval));
	}
	return { groups, single };
}

/** Why an approval is never decided together with others; null when it can be. */
export function reasonToDecideAlone({ severity, form, initial }: Approval): string | null {
	if (severity === 'critical') return approvalsText.critical;
	const isIncomplete = form !== null && validate(form, initial, 'data').length > 0;
	return isIncomplete ? approvalsText.formIncomplete : null;
}
