import {
	ACTIVE_STATUSES,
	ENDED_STATUSES,
	normalizeText,
	type QueryValue,
	type Reach,
	RUN_STATUSES,
	type RunStatus,
	type RunTrait,
	traitOf
} from '../../../../protocol';
import { ALWAYS, among } from './column-sql';
import { hasVisibleParent } from './reach-sql';
import { Fragment, sql } from '../../../db/sql';

function statusIn(statuses: readonly RunStatus[]): Fragment {
	return among(
		new Fragment('r.status'),
		statuses.map((status) => RUN_STATUSES.indexOf(status))
	);
}

/** `status:`; the column holds the place in RUN_STATUSES. */
export function statusTest(values: readonly QueryValue[]): Fragment {
	if (values.some((value) => value.kind === 'any')) return ALWAYS;
	const texts = values.flatMap((value) =>
		value.kind === 'text' ? [normalizeText(value.text)] : []
	);
	return statusIn(RUN_STATUSES.filter((status) => texts.includes(normalizeText(status))));
}

/** One value of `is:`. */
export function traitTest(value: QueryValue, context: TraitContext): Fragment {
	return value.kind === 'any' ? ALWAYS : TRAITS[traitOf(value)](context);
}

type TraitContext = { now: number; reach: Reach };

const TRAITS: Record<RunTrait, (context: TraitContext) => Fragment> = {
	active: () => statusIn(ACTIVE_STATUSES),
	ended: () => statusIn(ENDED_STATUSES),
	waiting: () => sql`r.waiting_kind IS NOT NULL`,
	overdue: ({ now }) => sql`r.due < ${now}`,
	approval: () => sql`r.waiting_kind IS NOT NULL AND r.approval = 1`,
	child: ({ reach }) => sql`r.parent IS NOT NULL AND ${hasVisibleParent(reach)}`,
	retried: () => sql`r.retries > 0`,
	restarted: () => sql`r.generation > 1`,
	rejected: () => sql`r.outcome = 'rejected'`,
	expired: () => sql`r.outcome = 'expired'`,
	failed: () => sql`r.outcome = 'failed'`,
	pinned: () => sql`r.key IN (SELECT key FROM sb_pins)`
};
