import { adminPurgeText } from '$lib/messages/pages/admin-purge';
import {
	ENDED_STATUSES,
	parseQuery,
	type FieldError,
	type PurgeCriteria,
	type RunStatus
} from '$lib/protocol';

/** The values of the purge form. */
export type PurgeForm = {
	q: string;
	/** Name of the binding; empty for all. */
	workflow: string;
	/** Empty for every status of an ended run. */
	statuses: RunStatus[];
	age: PurgeAge;
	/** For the age `at`: a local date and time as `datetime-local` writes it. */
	at: string;
};

/** How long ago a run must have ended; `at` takes the date of the form. */
export const PURGE_AGES = ['any', 'hour', 'day', 'week', 'month', 'at'] as const;
export type PurgeAge = (typeof PURGE_AGES)[number];

const DAY_MS = 86_400_000;
const AGE_MS: Record<Exclude<PurgeAge, 'any' | 'at'>, number> = {
	hour: DAY_MS / 24,
	day: DAY_MS,
	week: 7 * DAY_MS,
	month: 30 * DAY_MS
};

export const EMPTY_PURGE: PurgeForm = { q: '', workflow: '', statuses: [], age: 'any', at: '' };

/** The criteria of the form and its errors. An empty form means every ended run. */
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
	// The server refuses empty criteria, so that nobody deletes everything by mistake.
	const isEmpty = Object.keys(criteria).length === 0;
	return { criteria: isEmpty ? { q: '*' } : criteria, errors: [...wrongQuery, ...errors] };
}

function endedBefore(
	{ age, at }: PurgeForm,
	now: number
): { finishedBefore?: number; errors: FieldError[] } {
	if (age === 'any') return { errors: [] };
	if (age !== 'at') return { finishedBefore: now - AGE_MS[age], errors: [] };
	const time = Date.parse(at);
	if (!Number.isNaN(time)) return { finishedBefore: time, errors: [] };
	return { errors: [{ path: 'criteria.finishedBefore', message: adminPurgeText.dateMissing }] };
}

/** Adds or removes a status, in the order of `ENDED_STATUSES`; others are ignored. */
export function toggleStatus(statuses: readonly RunStatus[], status: RunStatus): RunStatus[] {
	return ENDED_STATUSES.filter((known) => statuses.includes(known) !== (known === status));
}
