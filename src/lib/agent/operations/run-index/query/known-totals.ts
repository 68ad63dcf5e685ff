// Totals that the counts already know: a query of statuses and workflows only is answered from
// the handful of rows that count them, however many runs there are.
import {
	fieldTerm,
	isEnded,
	matchesText,
	RUN_STATUSES,
	traitOf,
	type QueryTerm,
	type RunsByStatus
} from '../../../../protocol';
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

/** The same by status, of each status that any has. */
export function countedByStatus(
	terms: readonly QueryTerm[],
	counts: () => readonly StatusCount[]
): RunsByStatus {
	const known = RUN_STATUSES.map((status) => {
		const term = fieldTerm('status', [status]);
		return [status, countedTotal([...terms, term], counts) ?? 0] as const;
	});
	return Object.fromEntries(known.filter(([, runs]) => runs > 0));
}

/** How many of these runs the terms on the status let through. */
export function totalIn(byStatus: RunsByStatus, terms: readonly QueryTerm[]): number {
	const own = terms.filter((term) => term.kind === 'field' && term.field === 'status');
	const groups = RUN_STATUSES.map((status) => ({
		workflow: '',
		status,
		runs: byStatus[status] ?? 0
	}));
	return countedTotal(own, () => groups) ?? 0;
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
