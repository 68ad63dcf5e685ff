import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	fieldTerm,
	formatQuery,
	matches,
	parseQuery,
	removeTerm,
	setTerm,
	toggleValue,
	type QueryTerm,
	type Run
} from '../../../../src/lib/protocol';
import { anyTerms } from '../../support/queries';
import { aRun, NOW } from '../../support/runs';

function termsOf(query: string): QueryTerm[] {
	const parsed = parseQuery(query);
	if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
	return parsed.terms;
}

function finds(query: string, run: Partial<Run>): boolean {
	return matches(termsOf(query), aRun(run), NOW);
}

function mistakes(query: string): { at: string; message: string }[] {
	const parsed = parseQuery(query);
	if (parsed.ok) return [];
	return parsed.problems.map(({ from, to, message }) => ({ at: query.slice(from, to), message }));
}

describe('reading a query', () => {
	it.each(['', '  ', '*', ' * '])('finds everything for %j', (query) => {
		expect(termsOf(query)).toEqual([]);
	});

	it('reads the example of the documentation', () => {
		const query =
			'status:errored,waiting workflow:REFUND agent:store-agent/berlin region:eu amount:>100 created:<24h is:overdue "card declined"';
		expect(formatQuery(termsOf(query))).toBe(query);
	});

	it.each([
		['status:errord', 'errord', 'Did you mean errored'],
		['status:failed', 'failed', 'Did you mean errored'],
		['created:24h', '24h', 'Add a direction'],
		['created:<soon', '<soon', 'is not a time'],
		['created:2026-03-01T10:00', '2026-03-01T10:00', 'Add a time zone'],
		['created:2026-02-30', '2026-02-30', 'is not a time'],
		['duration:>5', '>5', 'is not a duration'],
		['retries:many', 'many', 'is not a number'],
		['amount:5..1', '5..1', 'smaller end first'],
		['amount:>abc', '>abc', 'numbers or ISO dates'],
		['region:', ':', 'needs a value'],
		['region:eu,', ',', 'needs a value'],
		[':eu', ':eu', 'Enter a key'],
		['region:"eu', '"eu', 'is not closed'],
		['region:e*u', 'e*u', 'start or the end'],
		['is:stuck', 'stuck', 'Valid values: active'],
		['""', '""', 'between the quotes'],
		['-*', '*', 'matches no run'],
		['x\\', '\\', 'backslash']
	])('says where %j is wrong and what would be right', (query, at, message) => {
		const found = mistakes(query);
		expect(found).toHaveLength(1);
		expect(found[0]?.at).toBe(at);
		expect(found[0]?.message).toContain(message);
	});

	it('names every mistake, in the order of the text', () => {
		expect(mistakes('status:x region:eu retries:y').map(({ at }) => at)).toEqual(['x', 'y']);
	});

	it('refuses more than 2,000 characters, 20 terms or 50 values of a list', () => {
		expect(mistakes('x'.repeat(2001))[0]?.message).toContain('2000 characters');
		expect(mistakes('x '.repeat(21))[0]?.message).toContain('20 terms');
		expect(mistakes(`a:${'x,'.repeat(50)}x`)[0]?.message).toContain('50 values');
		expect(termsOf('x '.repeat(20))).toHaveLength(20);
	});

	it('reads back what it formats', () => {
		fc.assert(
			fc.property(anyTerms, (terms) => {
				const query = formatQuery(terms);
				fc.pre(query.length <= 2000);
				expect(termsOf(query)).toEqual(terms);
			}),
			{ numRuns: 2000 }
		);
	});

	it('answers any text with terms or with places inside it', () => {
		const tricks = fc.constantFrom(
			"' OR 1=1 --",
			'"; DROP TABLE sb_runs; --',
			'$.a[0]',
			'status:',
			'-',
			':',
			',',
			'..',
			'>=',
			'*',
			'"',
			'\\',
			'\0',
			'\ud800',
			'metadata.',
			'created:<',
			'1e999',
			'{error} : "x"',
			'NEAR(',
			' '
		);
		const anything = fc.oneof(
			fc.string({ unit: 'binary', maxLength: 60 }),
			fc
				.array(fc.oneof(tricks, fc.string({ maxLength: 4 })), { maxLength: 12 })
				.map((parts) => parts.join(''))
		);
		fc.assert(
			fc.property(anything, (query) => {
				const parsed = parseQuery(query);
				if (parsed.ok) {
					expect(typeof matches(parsed.terms, aRun(), NOW)).toBe('boolean');
					expect(termsOf(formatQuery(parsed.terms))).toEqual(parsed.terms);
					return;
				}
				expect(parsed.problems.length).toBeGreaterThan(0);
				for (const { from, to, message } of parsed.problems) {
					expect(from).toBeGreaterThanOrEqual(0);
					expect(to).toBeGreaterThan(from);
					expect(to).toBeLessThanOrEqual(query.length);
					expect(message).not.toBe('');
				}
			}),
			{ numRuns: 10_000 }
		);
	});
});

describe('what a query means', () => {
	it('takes any of a list, all of the terms, and none of what is negated', () => {
		expect(finds('status:errored,running', { status: 'running' })).toBe(true);
		expect(finds('status:running workflow:OTHER', { status: 'running' })).toBe(false);
		expect(finds('-status:errored -region:eu', { metadata: { region: 'us' } })).toBe(true);
		expect(finds('-region:eu', { metadata: { region: 'EU' } })).toBe(false);
		expect(finds('-finished:<1h', { finishedAt: null })).toBe(true);
	});

	it('compares metadata with what is stored, be it a number, a text or a boolean', () => {
		expect(finds('amount:100', { metadata: { amount: 100 } })).toBe(true);
		expect(finds('amount:100', { metadata: { amount: '100' } })).toBe(true);
		expect(finds('amount:1e2', { metadata: { amount: 100 } })).toBe(true);
		expect(finds('amount:>99.5', { metadata: { amount: 100 } })).toBe(true);
		expect(finds('amount:>99.5', { metadata: { amount: '100' } })).toBe(false);
		expect(finds('amount:10..100', { metadata: { amount: 100 } })).toBe(true);
		expect(finds('vip:true', { metadata: { vip: true } })).toBe(true);
		expect(finds('due:>2026-03-01', { metadata: { due: '2026-03-01T09:00Z' } })).toBe(false);
		expect(finds('due:>=2026-03-01', { metadata: { due: '2026-03-01T09:00Z' } })).toBe(true);
	});

	it('leads into nested metadata with dots and into lists by their elements', () => {
		const metadata = { customer: { name: 'Ann Lee' }, tags: ['new', 'vip'], status: 'gold' };
		expect(finds('customer.name:"ann lee"', { metadata })).toBe(true);
		expect(finds('customer.name:ann*', { metadata })).toBe(true);
		expect(finds('customer:*', { metadata })).toBe(true);
		expect(finds('tags:vip', { metadata })).toBe(true);
		expect(finds('metadata.status:gold', { metadata })).toBe(true);
		expect(finds('missing:*', { metadata })).toBe(false);
	});

	it('finds an Agent with its sub-agents, and a class with its Agents', () => {
		const path = 'store-agent/berlin/sub/aisle-agent/7';
		const agent = { class: 'AisleAgent', name: '7', path };
		expect(finds('agent:store-agent/berlin', { agent })).toBe(true);
		expect(finds('agent:store-agent', { agent })).toBe(true);
		expect(finds('agent:store-agent/ber', { agent })).toBe(false);
		expect(finds('agent:store-agent/ber*', { agent })).toBe(true);
		expect(finds('agent:*aisle-agent*', { agent })).toBe(true);
	});

	it('counts relative times from now and takes a date for its whole day', () => {
		const hoursAgo = (hours: number) => ({ createdAt: NOW - hours * 3_600_000 });
		expect(finds('created:<24h', hoursAgo(23))).toBe(true);
		expect(finds('created:<24h', hoursAgo(25))).toBe(false);
		expect(finds('created:>7d', hoursAgo(24 * 8))).toBe(true);
		expect(finds('created:1h..3h', hoursAgo(2))).toBe(true);
		expect(finds('created:2026-03-10', hoursAgo(1))).toBe(true);
		expect(finds('created:>2026-03-10', hoursAgo(1))).toBe(false);
		expect(finds('created:2026-03-09..2026-03-10', hoursAgo(1))).toBe(true);
		expect(finds('created:<2026-03-10T13:00+01:00', hoursAgo(1))).toBe(true);
	});

	it('measures the duration of a run that goes on up to now', () => {
		expect(finds('duration:>1h', { startedAt: NOW - 7_200_000, finishedAt: null })).toBe(true);
		expect(finds('duration:>1h', { startedAt: NOW - 7_200_000, finishedAt: NOW - 7_100_000 })).toBe(
			false
		);
		expect(finds('duration:<1h', { startedAt: null })).toBe(false);
	});

	it('searches id, error and step for text', () => {
		const error = { name: 'PaymentError', message: 'Card declined' };
		expect(finds('"card declined"', { error })).toBe(true);
		expect(finds('payment card', { error })).toBe(true);
		expect(finds('run-', {})).toBe(true);
		expect(finds('load', { step: 'Load rows' })).toBe(true);
		expect(finds('error:declined', { error })).toBe(true);
		expect(finds('error:payment*', { error })).toBe(true);
		expect(finds('error:declined*', { error })).toBe(false);
		expect(finds('-load', { step: 'Load rows' })).toBe(false);
	});

	it('tells what a run waits for, and whether that is overdue', () => {
		const waitingFor = {
			kind: 'event' as const,
			name: 'manager',
			eventType: 'approval',
			since: 0,
			dueAt: NOW - 1
		};
		for (const query of [
			'waiting:event',
			'waiting:manager',
			'waiting:approval',
			'is:waiting',
			'is:overdue',
			'is:approval'
		])
			expect(finds(query, { waitingFor })).toBe(true);
		expect(finds('waiting:sleep', { waitingFor })).toBe(false);
		expect(finds('is:overdue', { waitingFor: { ...waitingFor, dueAt: NOW } })).toBe(false);
	});

	it('finds children by their parent, with or without its workflow', () => {
		const parent = { workflow: 'STOCK_COUNT', id: 'p1' };
		for (const query of ['parent:p1', 'parent:STOCK_COUNT/p1', 'parent:STOCK_COUNT/*', 'is:child'])
			expect(finds(query, { parent })).toBe(true);
	});

	it('tells runs and Agents apart that differ in case only; text search does not', () => {
		const agent = { class: 'StoreAgent', name: 'Acme', path: 'store-agent/Acme' };
		const run = { id: 'Order-77', agent, parent: { workflow: 'STOCK_COUNT', id: 'P1' } };
		for (const query of ['id:Order-77', 'id:Order-*', 'agent:store-agent/Acme', 'parent:P1'])
			expect(finds(query, run)).toBe(true);
		for (const query of ['id:order-77', 'id:order-*', 'agent:store-agent/acme', 'parent:p1'])
			expect(finds(query, run)).toBe(false);
		expect(finds('order-77', run)).toBe(true);
	});

	it('finds composed and decomposed letters alike', () => {
		const decomposed = 'Cafe\u0301';
		expect(finds('customer:Café', { metadata: { customer: decomposed } })).toBe(true);
		expect(finds(`customer:${decomposed}`, { metadata: { customer: 'café' } })).toBe(true);
	});

	it('reads progress as percent', () => {
		expect(finds('progress:>=50%', { progress: { percent: 0.5 } })).toBe(true);
		expect(finds('progress:>50', { progress: { recordsProcessed: 3, totalRecords: 4 } })).toBe(
			true
		);
		expect(finds('progress:>0', { progress: null })).toBe(false);
	});
});

describe('editing the text of a query', () => {
	it('replaces a key where it stands and keeps the rest as it was typed', () => {
		expect(setTerm('a  status:errored   "b c"', fieldTerm('status', ['waiting']))).toBe(
			'a  status:waiting   "b c"'
		);
		expect(setTerm('status:x -status:y z', fieldTerm('status', ['waiting']))).toBe(
			'status:waiting z'
		);
		expect(setTerm('*', fieldTerm('status', ['waiting']))).toBe('status:waiting');
		expect(setTerm('re"gion', fieldTerm('status', ['waiting']))).toContain('status:waiting');
	});

	it('removes a key', () => {
		expect(removeTerm('a status:errored b', 'status')).toBe('a b');
		expect(removeTerm('status:errored', 'status')).toBe('');
		expect(removeTerm('a b', 'status')).toBe('a b');
	});

	it('toggles one value of a list', () => {
		expect(toggleValue('', 'status', 'errored')).toBe('status:errored');
		expect(toggleValue('status:errored x', 'status', 'waiting')).toBe('status:errored,waiting x');
		expect(toggleValue('status:errored,waiting x', 'status', 'errored')).toBe('status:waiting x');
		expect(toggleValue('status:errored x', 'status', 'errored')).toBe('x');
	});
});
