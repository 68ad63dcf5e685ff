// The language's meaning, in plain code. The index answers from SQL; this is what it must agree
// with, and what a live query asks about one changed run.
import { isApprovalWait } from '../run/events';
import { runKey, type Run } from '../run/run';
import { isEnded } from '../run/status';
import { intervalOf, isInDates, isOfDates } from './intervals';
import {
	beganAt,
	durationOf,
	errorText,
	exactText,
	metadataValues,
	normalizeText,
	noteText
} from './metadata';
import { progressPercent } from './progress';
import { parseNumber } from './quantities';
import type { QueryField, QueryTerm, QueryValue, RunTrait } from './terms';

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
	const sought = normalizeText(text);
	const isFound = [run.id, errorText(run), run.step, noteText(run)].some(
		(candidate) => candidate !== null && normalizeText(candidate).includes(sought)
	);
	return isFound || metadataValues(run.metadata).some(({ text }) => text.includes(sought));
}

/** Is `text` what the value asks for? It is compared without case, unless it is an identity. */
export function matchesText(
	value: QueryValue,
	text: string | null,
	compared: (text: string) => string = normalizeText
): boolean {
	if (text === null || value.kind === 'compare' || value.kind === 'between') return false;
	if (value.kind === 'any') return true;
	const candidate = compared(text);
	const sought = compared(value.text);
	if (value.before) return value.after ? candidate.includes(sought) : candidate.endsWith(sought);
	return value.after ? candidate.startsWith(sought) : candidate === sought;
}

function holdsMetadata(key: string, values: QueryValue[], run: Run): boolean {
	const path = normalizeText(key);
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
	if (value.kind === 'compare' || value.kind === 'between')
		return isOfDates(value) ? number === null && isInDates(value, text) : inRange(value, number, 0);
	if (matchesText(value, text)) return true;
	const plain = value.kind === 'text' && !value.before && !value.after;
	return plain && number !== null && parseNumber(value.text) === number;
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
		case 'id':
			return matchesText(value, run.id, exactText);
		case 'status':
		case 'workflow':
		case 'step':
		case 'outcome':
			return matchesText(value, run[field]);
		case 'agent':
			return matchesAgent(value, run.agent.path);
		case 'by':
			return matchesText(value, run.startedBy);
		case 'error':
			return matchesText(soughtAnywhere(value), errorText(run));
		case 'parent':
			return (
				run.parent !== null &&
				(matchesText(value, run.parent.id, exactText) ||
					matchesText(value, runKey(run.parent), exactText))
			);
		case 'waiting':
			return (
				run.waitingFor !== null &&
				[run.waitingFor.kind, run.waitingFor.name, run.waitingFor.eventType ?? null].some((text) =>
					matchesText(value, text)
				)
			);
		case 'started':
			return inRange(value, beganAt(run), now);
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
	const isMatch = matchesText(value, path, exactText);
	if (value.kind !== 'text' || value.before || value.after) return isMatch;
	return isMatch || exactText(path).startsWith(`${exactText(value.text)}/`);
}

/** An error is sought by a part of it, unless wildcards say where that part is. */
export function soughtAnywhere(value: QueryValue): QueryValue {
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
	approval: (run) =>
		run.waitingFor?.kind === 'event' && isApprovalWait(run.waitingFor, run.approvalEvents),
	child: (run) => run.parent !== null,
	retried: (run) => run.retries > 0,
	restarted: (run) => run.generation > 1,
	rejected: (run) => run.outcome === 'rejected',
	expired: (run) => run.outcome === 'expired',
	failed: (run) => run.outcome === 'failed',
	pinned: (run) => run.pinned !== undefined
};
