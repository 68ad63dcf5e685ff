// The language's meaning, in plain code. The index answers from SQL; this is what it must agree
// with, and what a live query asks about one changed run.
import { isApprovalWait } from '../events';
import { runKey, type Run } from '../run';
import { isEnded } from '../status';
import { durationOf, errorText, metadataValues, normalize, progressPercent } from './metadata';
import { parseNumber } from './quantities';
import type { Comparator, Quantity, QueryField, QueryTerm, QueryValue, RunTrait } from './terms';

/** Does a run match every term? `now` (Ms) is what relative times and `is:overdue` go by. */
export function matches(terms: readonly QueryTerm[], run: Run, now: number): boolean {
	return terms.every((term) => holds(term, run, now) !== term.negated);
}

function holds(term: QueryTerm, run: Run, now: number): boolean {
	if (term.kind === 'text') return containsText(run, term.text);
	if (term.kind === 'metadata') return holdsMetadata(term.key, term.values, run);
	return term.values.some((value) => holdsField(term.field, value, run, now));
}

function containsText(run: Run, text: string): boolean {
	const sought = normalize(text);
	return [run.id, errorText(run), run.step].some(
		(candidate) => candidate !== null && normalize(candidate).includes(sought)
	);
}

/** Is `text` what the value asks for? Text is compared without case. */
export function matchesText(value: QueryValue, text: string | null): boolean {
	if (text === null || value.kind === 'compare' || value.kind === 'between') return false;
	if (value.kind === 'any') return true;
	const candidate = normalize(text);
	const sought = normalize(value.text);
	if (value.before) return value.after ? candidate.includes(sought) : candidate.endsWith(sought);
	return value.after ? candidate.startsWith(sought) : candidate === sought;
}

function holdsMetadata(key: string, values: QueryValue[], run: Run): boolean {
	const path = normalize(key);
	const entries = metadataValues(run.metadata);
	return values.some((value) => {
		if (value.kind === 'any')
			return entries.some((entry) => entry.key === path || entry.key.startsWith(`${path}.`));
		return entries.some(
			(entry) => entry.key === path && holdsEntry(value, entry.text, entry.number)
		);
	});
}

function holdsEntry(value: QueryValue, text: string, number: number | null): boolean {
	if (value.kind === 'compare' && value.quantity.unit === 'text')
		return number === null && compareText(value.comparator, text, normalize(value.quantity.text));
	if (value.kind === 'between' && value.low.unit === 'text' && value.high.unit === 'text')
		return (
			number === null &&
			text >= normalize(value.low.text) &&
			startsOrPrecedes(text, normalize(value.high.text))
		);
	if (value.kind === 'compare' || value.kind === 'between') return inRange(value, number, 0);
	if (matchesText(value, text)) return true;
	const plain = value.kind === 'text' && !value.before && !value.after;
	return plain && number !== null && parseNumber(value.text) === number;
}

/** A date's own texts belong to it: `2026-03-01T09:00Z` is not after `2026-03-01`. */
function startsOrPrecedes(text: string, bound: string): boolean {
	return text <= bound || text.startsWith(bound);
}

function compareText(comparator: Comparator, text: string, bound: string): boolean {
	switch (comparator) {
		case '=':
			return text.startsWith(bound);
		case '>':
			return !startsOrPrecedes(text, bound);
		case '>=':
			return text >= bound;
		case '<':
			return text < bound;
		case '<=':
			return startsOrPrecedes(text, bound);
	}
}

/** An interval of numbers; `from` belongs to it when `closed[0]`, `until` when `closed[1]`. */
export type Interval = { from: number; until: number; closed: [boolean, boolean] };

/** The numbers that a comparison or a range admits, at the time `now`. */
export function intervalOf(
	value: Extract<QueryValue, { kind: 'compare' | 'between' }>,
	now: number
): Interval {
	if (value.kind === 'between') {
		const [low, high] = [stretch(value.low, now), stretch(value.high, now)];
		if (value.low.unit === 'ago') return { from: high.from, until: low.from, closed: [true, true] };
		return { from: low.from, until: high.until, closed: [true, high.closed] };
	}
	const { from, until, closed } = stretch(value.quantity, now);
	// "Longer ago than" is earlier: ages and times run in opposite directions.
	const ago = value.quantity.unit === 'ago';
	switch (ago ? flip(value.comparator) : value.comparator) {
		case '=':
			return { from, until, closed: [true, closed] };
		case '>':
			return { from: until, until: Infinity, closed: [!closed, true] };
		case '>=':
			return { from, until: Infinity, closed: [true, true] };
		case '<':
			return { from: -Infinity, until: from, closed: [true, false] };
		case '<=':
			return { from: -Infinity, until, closed: [true, closed] };
	}
}

function flip(comparator: Comparator): Comparator {
	const flipped: Record<Comparator, Comparator> = {
		'=': '=',
		'>': '<',
		'>=': '<=',
		'<': '>',
		'<=': '>='
	};
	return flipped[comparator];
}

function stretch(
	quantity: Quantity,
	now: number
): { from: number; until: number; closed: boolean } {
	const point = (value: number) => ({ from: value, until: value, closed: true });
	switch (quantity.unit) {
		case 'number':
			return point(quantity.value);
		case 'duration':
			return point(quantity.ms);
		case 'ago':
			return point(now - quantity.ms);
		case 'time':
			return { from: quantity.from, until: quantity.until, closed: false };
		case 'text':
			return point(NaN);
	}
}

function inRange(value: QueryValue, number: number | null, now: number): boolean {
	if (number === null || value.kind === 'text') return false;
	if (value.kind === 'any') return true;
	const { from, until, closed } = intervalOf(value, now);
	const after = closed[0] ? number >= from : number > from;
	return after && (closed[1] ? number <= until : number < until);
}

function holdsField(field: QueryField, value: QueryValue, run: Run, now: number): boolean {
	switch (field) {
		case 'status':
		case 'workflow':
		case 'id':
		case 'step':
		case 'outcome':
			return matchesText(value, run[field]);
		case 'agent':
			return matchesAgent(value, run.agent.path);
		case 'by':
			return matchesText(value, run.startedBy);
		case 'error':
			return matchesText(anywhere(value), errorText(run));
		case 'parent':
			return (
				run.parent !== null &&
				(matchesText(value, run.parent.id) || matchesText(value, runKey(run.parent)))
			);
		case 'waiting':
			return (
				run.waitingFor !== null &&
				[run.waitingFor.kind, run.waitingFor.name, run.waitingFor.eventType ?? null].some((text) =>
					matchesText(value, text)
				)
			);
		case 'started':
		case 'created':
		case 'updated':
		case 'finished':
			return inRange(value, run[`${field}At`], now);
		case 'duration':
			return inRange(value, durationOf(run, now), now);
		case 'progress':
			return inRange(value, progressPercent(run.progress), now);
		case 'retries':
			return inRange(value, run.retries, now);
		case 'is':
			return value.kind === 'any' || RUN_TRAITS_HOLD[traitOf(value)](run, now);
	}
}

/** An Agent's path names its sub-agents too, and a class all of its Agents. */
function matchesAgent(value: QueryValue, path: string): boolean {
	if (value.kind !== 'text' || value.before || value.after) return matchesText(value, path);
	return matchesText(value, path) || normalize(path).startsWith(`${normalize(value.text)}/`);
}

/** An error is sought by a part of it, unless wildcards say where that part is. */
export function anywhere(value: QueryValue): QueryValue {
	return value.kind === 'text' && !value.before && !value.after
		? { ...value, before: true, after: true }
		: value;
}

/** The trait that an `is:` value names. */
export function traitOf(value: QueryValue): RunTrait {
	const name = value.kind === 'text' ? value.text : '';
	return isTrait(name) ? name : 'active';
}

function isTrait(name: string): name is RunTrait {
	return Object.hasOwn(RUN_TRAITS_HOLD, name);
}

const RUN_TRAITS_HOLD: Record<RunTrait, (run: Run, now: number) => boolean> = {
	active: (run) => !isEnded(run.status),
	ended: (run) => isEnded(run.status),
	waiting: (run) => run.waitingFor !== null,
	overdue: (run, now) => run.waitingFor !== null && (run.waitingFor.dueAt ?? Infinity) < now,
	approval: (run) => run.waitingFor?.kind === 'event' && isApprovalWait(run.waitingFor),
	child: (run) => run.parent !== null,
	retried: (run) => run.retries > 0,
	restarted: (run) => run.generation > 1,
	rejected: (run) => run.outcome === 'rejected',
	expired: (run) => run.outcome === 'expired',
	failed: (run) => run.outcome === 'failed'
};
