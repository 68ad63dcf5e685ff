import {
	ENDED_STATUSES,
	parseQuery,
	type FieldError,
	type PurgeCriteria,
	type RunStatus
} from '$lib/protocol';

/** What is typed and chosen in the purge form. */
export type PurgeForm = {
	q: string;
	/** The binding's name; empty for all. */
	workflow: string;
	/** None chosen means all that have ended. */
	statuses: RunStatus[];
	age: PurgeAge;
	/** For the age `at`: a local date and time, as its input writes it. */
	at: string;
};

const DAY = 86_400_000;

/** How long ago a run must have ended. */
export const PURGE_AGES = {
	any: { label: 'Any time ago', ms: 0 },
	hour: { label: 'Over an hour ago', ms: DAY / 24 },
	day: { label: 'Over a day ago', ms: DAY },
	week: { label: 'Over 7 days ago', ms: 7 * DAY },
	month: { label: 'Over 30 days ago', ms: 30 * DAY },
	at: { label: 'Before a date …', ms: 0 }
} as const;
export type PurgeAge = keyof typeof PURGE_AGES;

export const EMPTY_PURGE: PurgeForm = { q: '', workflow: '', statuses: [], age: 'any', at: '' };

/** What the form asks to delete, or what is wrong with it. Nothing chosen means every ended run. */
export function readPurge(
	form: PurgeForm,
	now: number
): { criteria: PurgeCriteria; errors: FieldError[] } {
	const q = form.q.trim();
	const { finishedBefore, errors } = endedBefore(form, now);
	const criteria: PurgeCriteria = {
		...(q === '' ? {} : { q }),
		...(form.workflow === '' ? {} : { workflow: form.workflow }),
		...(form.statuses.length === 0 ? {} : { status: form.statuses }),
		...(finishedBefore === undefined ? {} : { finishedBefore })
	};
	const parsed = parseQuery(q);
	const wrongQuery = parsed.ok
		? []
		: parsed.problems.map(({ message }) => ({ path: 'criteria.q', message }));
	// A purge without criteria is refused: that every ended run is meant must be said.
	const isEmpty = Object.keys(criteria).length === 0;
	return { criteria: isEmpty ? { q: '*' } : criteria, errors: [...wrongQuery, ...errors] };
}

function endedBefore(
	{ age, at }: PurgeForm,
	now: number
): { finishedBefore?: number; errors: FieldError[] } {
	if (age === 'any') return { errors: [] };
	if (age !== 'at') return { finishedBefore: now - PURGE_AGES[age].ms, errors: [] };
	const time = Date.parse(at);
	if (!Number.isNaN(time)) return { finishedBefore: time, errors: [] };
	return { errors: [{ path: 'criteria.finishedBefore', message: 'choose a date and a time' }] };
}

/** Statuses with one turned over, in the order of the list; only ended runs can be purged. */
export function toggleStatus(statuses: readonly RunStatus[], status: RunStatus): RunStatus[] {
	return ENDED_STATUSES.filter((known) => statuses.includes(known) !== (known === status));
}
