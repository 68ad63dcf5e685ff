// Totals that the counts already know: a query of statuses and workflows only is answered from
// the handful of rows that count them, however many runs there are.
import { isEnded, matchesText, type QueryTerm, traitOf } from '../../../../protocol';
import type { StatusCount } from '../tables/tallies';

/** The exact total of a query that counts can answer; null for any other. */
export function countedTotal(
	terms: readonly QueryTerm[],
	counts: () => readonly StatusCount[]
): number | null {
	if (!terms.every(isCounted)) return null;
	return counts()
		.filter((group) => terms.every((term) => holds(term, group) !== term.negated))
		.reduce((sum, { runs }) => sum + runs, 0);
}

function isCounted(term: QueryTerm): boolean {
	if (term.kind !== 'field') return false;
	if (term.field === 'status' || term.field === 'workflow') return true;
	return (
		term.field === 'is' &&
		term.values.every(
			(value) => value.kind === 'any' || ['active', 'ended'].includes(traitOf(value))
		)
	);
}

function holds(term: QueryTerm, { workflow, status }: StatusCount): boolean {
	if (term.kind !== 'field') return false;
	return term.values.some((value) => {
		if (term.field === 'status') return matchesText(value, status);
		if (term.field === 'workflow') return matchesText(value, workflow);
		return value.kind === 'any' || isEnded(status) === (traitOf(value) === 'ended');
	});
}
