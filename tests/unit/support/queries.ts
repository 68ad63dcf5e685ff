import fc from 'fast-check';
import {
	QUERY_FIELDS,
	RUN_OUTCOMES,
	RUN_STATUSES,
	RUN_TRAITS,
	exactly,
	isEnded,
	type QueryField,
	type QueryTerm,
	type QueryValue,
	type Run
} from '../../../src/lib/protocol';
import { parseTime } from '../../../src/lib/protocol/query-language/quantities';
import { aRun, NOW } from './runs';

const word = fc.constantFrom(
	'eu',
	'EU',
	'Ann Lee',
	'card declined',
	'a',
	'load',
	'100',
	'true',
	'ß',
	'50%',
	'"',
	'\\',
	"x' OR 1=1 --",
	'$.a',
	'*'
);
const anyText = fc.oneof(word, fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }));
const agentPath = fc.constantFrom(
	'store-agent',
	'store-agent/berlin',
	'store-agent/berlin/sub/aisle-agent/7',
	'store-agent/berl'
);

const textValue = (text: fc.Arbitrary<string>): fc.Arbitrary<QueryValue> =>
	fc.oneof(
		{ arbitrary: fc.constant<QueryValue>({ kind: 'any' }), weight: 1 },
		{
			arbitrary: fc.record({
				kind: fc.constant('text' as const),
				text,
				before: fc.boolean(),
				after: fc.boolean()
			}),
			weight: 4
		},
		{ arbitrary: text.map(exactly), weight: 4 }
	);

type Quantity = Extract<QueryValue, { kind: 'compare' }>['quantity'];

const comparator = fc.constantFrom(
	'=' as const,
	'>' as const,
	'>=' as const,
	'<' as const,
	'<=' as const
);

/** Comparisons and ranges of one unit; `order` says which of two comes first. */
const ranges = (
	quantity: fc.Arbitrary<Quantity>,
	order: (quantity: Quantity) => number | string
): fc.Arbitrary<QueryValue> =>
	fc.oneof(
		fc
			.record({ kind: fc.constant('compare' as const), comparator, quantity })
			.filter((value) => value.comparator !== '=' || value.quantity.unit !== 'ago'),
		fc.tuple(quantity, quantity).map(([a, b]): QueryValue => {
			const [low, high] = order(a) <= order(b) ? [a, b] : [b, a];
			return { kind: 'between', low, high };
		})
	);

const numbers = ranges(
	fc
		.oneof(
			fc.integer({ min: -5, max: 120 }),
			fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e20, max: 1e25 })
		)
		.map((value) => ({ unit: 'number', value: value + 0 })),
	(quantity) => (quantity.unit === 'number' ? quantity.value : 0)
);
const durations = ranges(
	fc.integer({ min: 0, max: 200_000_000 }).map((ms) => ({ unit: 'duration', ms })),
	(quantity) => (quantity.unit === 'duration' ? quantity.ms : 0)
);
const agos = ranges(
	fc.integer({ min: 0, max: 400_000 }).map((ms) => ({ unit: 'ago', ms })),
	(quantity) => (quantity.unit === 'ago' ? quantity.ms : 0)
);
const timeText = fc.oneof(
	fc.constantFrom(
		'2026-03-10',
		'2026-03-09',
		'2026-03-10T11:59Z',
		'2026-03-10T13:00+01:00',
		'2026-03-10T11:58:30.5Z'
	),
	fc.integer({ min: NOW - 300_000, max: NOW }).map((at) => new Date(at).toISOString())
);
const times = ranges(
	timeText.map((text) => {
		const time = parseTime(text);
		if (!time) throw new Error(`${text} is no time`);
		return time;
	}),
	(quantity) => (quantity.unit === 'time' ? quantity.from : 0)
);
const dates = ranges(
	fc
		.constantFrom('2026-03-10', '2026-03-09', '2026-03-10T11:59Z')
		.map((text) => ({ unit: 'text', text })),
	(quantity) => (quantity.unit === 'text' ? quantity.text : '')
);

const oneOf = (words: readonly string[]): fc.Arbitrary<QueryValue> =>
	fc.constantFrom(...words).map(exactly);

const BY_FIELD: Record<QueryField, fc.Arbitrary<QueryValue>> = {
	status: oneOf(RUN_STATUSES),
	workflow: textValue(fc.constantFrom('REFUND', 'refund', 'REF', 'LINK_AUDIT')),
	agent: textValue(agentPath),
	id: textValue(fc.constantFrom('run-1', 'RUN', '1', 'a')),
	step: textValue(anyText),
	outcome: oneOf(RUN_OUTCOMES),
	error: textValue(anyText),
	started: fc.oneof(times, agos),
	created: fc.oneof(times, agos),
	updated: fc.oneof(times, agos),
	finished: fc.oneof(times, agos),
	duration: durations,
	progress: numbers,
	waiting: textValue(fc.oneof(fc.constantFrom('event', 'sleep', 'approval'), anyText)),
	retries: numbers,
	parent: textValue(fc.constantFrom('STOCK_COUNT/p1', 'p1', 'stock', 'P')),
	by: textValue(anyText),
	is: oneOf(RUN_TRAITS)
};

const key = fc.oneof(
	fc.constantFrom(
		'region',
		'Region',
		'customer',
		'customer.name',
		'amount',
		'tags',
		'due',
		'status',
		'metadata.x',
		'a.b',
		'"',
		'$.a'
	),
	fc.string({ unit: 'binary', minLength: 1, maxLength: 8 })
);
// A plain number or date is a text value there: `amount:100` finds the text "100" too.
const metadataValue = fc
	.oneof(textValue(anyText), numbers, dates)
	.filter((value) => value.kind !== 'compare' || value.comparator !== '=');
const negated = fc.boolean();
const few = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: 1, maxLength: 4 });

/** Any one term that a query can have. */
export const anyTerm: fc.Arbitrary<QueryTerm> = fc.oneof(
	fc.record({ kind: fc.constant('text' as const), negated, text: anyText }),
	fc.constantFrom(...QUERY_FIELDS).chain((field) =>
		fc.record({
			kind: fc.constant('field' as const),
			negated,
			field: fc.constant(field),
			values: few(BY_FIELD[field])
		})
	),
	fc.record({ kind: fc.constant('metadata' as const), negated, key, values: few(metadataValue) })
);

/** Terms of a query, mostly a few. */
export const anyTerms = fc.array(anyTerm, { maxLength: 20, size: 'small' });

const scalar = fc.oneof(
	word,
	fc.constantFrom('2026-03-10', '2026-03-10T09:00Z', '2026-03-11'),
	fc.integer({ min: -5, max: 120 }),
	fc.double({ noNaN: true, noDefaultInfinity: true }),
	fc.boolean(),
	fc.constant(null)
);
const metadata = fc.dictionary(
	key,
	fc.oneof(
		scalar,
		fc.array(scalar, { maxLength: 3 }),
		fc.dictionary(fc.constantFrom('name', 'b', 'x'), scalar)
	),
	{ maxKeys: 6 }
);
const past = fc.integer({ min: NOW - 300_000, max: NOW });
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 2 });

/** Any run, of a few ids only so that records meet. */
export const anyRun: fc.Arbitrary<Run> = fc
	.record({
		workflow: fc.constantFrom('REFUND', 'LINK_AUDIT', 'Refund'),
		id: fc.constantFrom('run-1', 'run-2', 'RUN-1', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
		generation: fc.integer({ min: 1, max: 3 }),
		agent: agentPath
			.filter((path) => path.includes('/'))
			.map((path) => ({ class: 'StoreAgent', name: 'berlin', path })),
		parent: orNull(
			fc.constantFrom({ workflow: 'STOCK_COUNT', id: 'p1' }, { workflow: 'REFUND', id: 'a' })
		),
		status: fc.constantFrom(...RUN_STATUSES),
		outcome: orNull(fc.constantFrom(...RUN_OUTCOMES)),
		metadata,
		progress: fc.oneof(
			fc.constant(null),
			fc.record({ percent: fc.double({ noNaN: true, min: 0, max: 1 }) }),
			fc.record({ recordsProcessed: fc.nat(10), totalRecords: fc.nat(10) })
		),
		step: orNull(anyText),
		startedBy: orNull(fc.constantFrom('ana', 'Ben')),
		error: orNull(fc.record({ name: fc.constantFrom('Error', 'TypeError'), message: anyText })),
		createdAt: past,
		startedAt: orNull(past),
		updatedAt: past,
		finishedAt: orNull(past),
		retries: fc.nat(3),
		waitingFor: orNull(
			fc.record({
				kind: fc.constantFrom('event' as const, 'sleep' as const),
				name: fc.oneof(fc.constant('wait-for-approval'), anyText),
				eventType: fc.constantFrom('approval', 'paid'),
				since: past,
				dueAt: orNull(fc.integer({ min: NOW - 1000, max: NOW + 1000 }))
			})
		)
	})
	.map((given) =>
		aRun({
			...given,
			finishedAt: isEnded(given.status) ? (given.finishedAt ?? NOW) : given.finishedAt
		})
	);
