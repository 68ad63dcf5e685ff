import { groupApprovals, type Approval } from '../../protocol';
import { validate } from '../schema-form/validate';

/** Alike requests as a page shows them: those to decide together, and the others with the reason. */
export type AlikeGroup = {
	key: string;
	workflow: string;
	step: string;
	alike: Approval[];
	odd: { approval: Approval; why: string }[];
};

export type Alike = {
	/** Groups of at least two that can be decided together. */
	groups: AlikeGroup[];
	/** Requests that nothing else is like. */
	single: Approval[];
};

/** A group has at least so many. */
const FEWEST = 2;

/**
 * Groups a list for whoever reads it. `whyNot` says why this person cannot decide one now. What was
 * decided while it is read stays in its group.
 */
export function alikeIn(
	approvals: readonly Approval[],
	whyNot: (approval: Approval) => string | undefined
): Alike {
	const shown = new Map(approvals.map((approval) => [approval.id, approval]));
	const asked = approvals.map((approval) => ({ ...approval, status: 'pending' as const }));
	const groups: AlikeGroup[] = [];
	const single: Approval[] = [];
	for (const { key, workflow, step, alike, standOut } of groupApprovals(asked)) {
		const reasons = new Map(
			standOut.map(({ approval, outliers }) => [
				approval.id,
				outliers.map(({ detail }) => detail).join('; ')
			])
		);
		const together: Approval[] = [];
		const odd: AlikeGroup['odd'] = [];
		for (const { id } of [...alike, ...standOut.map(({ approval }) => approval)]) {
			const approval = shown.get(id);
			if (!approval) continue;
			const why = whyNot(approval) ?? reasons.get(id) ?? aloneBecause(approval);
			if (why === null) together.push(approval);
			else odd.push({ approval, why });
		}
		if (together.length >= FEWEST) groups.push({ key, workflow, step, alike: together, odd });
		else single.push(...together, ...odd.map(({ approval }) => approval));
	}
	return { groups, single };
}

/** Why a request is never decided together with others, whatever they are; null when it can be. */
export function aloneBecause({ severity, form, initial }: Approval): string | null {
	if (severity === 'critical') return 'it is critical';
	const isOpen = form !== null && validate(form, initial, 'data').length > 0;
	return isOpen ? 'its form has to be filled in' : null;
}
