import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	BadCursorError,
	RunIndex
} from '../../../../../src/lib/agent/operations/run-index/run-index';
import {
	fieldTerm,
	isEnded,
	matches,
	parseQuery,
	RUN_ORDER_FIELDS,
	RUN_STATUSES,
	runKey,
	type QueryTerm,
	type Run,
	type RunOrder,
	type RunWindow
} from '../../../../../src/lib/protocol';
import { anyRun, anyTerms } from '../../../support/queries';
import { aRecord, fleetRun, NOW, seeded } from '../../../support/runs';
import { memorySql } from '../../../support/sqlite';

const NEWEST: RunOrder = { field: 'created', direction: 'desc' };

/** With `few` nought every query of several terms goes by the sets of runs. */
function anIndex(runs: readonly Run[] = [], few?: number): RunIndex {
	const index = new RunIndex(memorySql(), few);
	index.migrate();
	for (const run of runs) {
		index.upsert({ run, version: 1, exact: true });
		if (run.pinned) index.pin(runKey(run), run.pinned);
	}
	return index;
}

/** As the tables were before there were pins. */
function withoutPurgeSteps(db: ReturnType<typeof memorySql>): void {
	db.exec('DROP TABLE sb_pins');
	db.exec('DROP INDEX sb_tombstones_at');
	db.exec('ALTER TABLE sb_tombstones DROP COLUMN person');
	db.exec('ALTER TABLE sb_tombstones DROP COLUMN policy');
}

const anyFew = fc.constantFrom(undefined, 0);

let fleet: { runs: Run[]; indexes: RunIndex[] } | undefined;

/** A fleet in which leads are many and walks are long, indexed either way; built once. */
function largeFleet(): { runs: Run[]; indexes: RunIndex[] } {
	if (!fleet) {
		const random = seeded(7);
		const runs = Array.from({ length: 6500 }, (_, number) => fleetRun(number, 6500, random));
		fleet = { runs, indexes: [anIndex(runs), anIndex(runs, 0)] };
	}
	return fleet;
}

function termsOf(query: string): QueryTerm[] {
	const parsed = parseQuery(query);
	if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
	return parsed.terms;
}

function keysOf(index: RunIndex, query: string): string[] {
	return index.page({ terms: termsOf(query), order: NEWEST, limit: 100, now: NOW }).keys;
}

function sortValue(run: Run, field: RunOrder['field']): number | string | null {
	switch (field) {
		case 'created':
			return run.createdAt;
		case 'updated':
			return run.updatedAt;
		case 'finished':
			return run.finishedAt;
		case 'duration':
			return run.startedAt === null || run.finishedAt === null
				? null
				: run.finishedAt - run.startedAt;
		case 'status':
			return RUN_STATUSES.indexOf(run.status);
		case 'workflow':
			return run.workflow.toLowerCase();
	}
}

/** What a page must hold, worked out the long way. */
function expected(runs: readonly Run[], terms: QueryTerm[], order: RunOrder): string[] {
	const sign = order.direction === 'asc' ? 1 : -1;
	const compare = (a: number | string, b: number | string) => (a < b ? -1 : a > b ? 1 : 0);
	return runs
		.filter((run) => matches(terms, run, NOW))
		.map((run) => ({ value: sortValue(run, order.field), key: runKey(run) }))
		.sort((a, b) => {
			if (a.value === null || b.value === null)
				return a.value === b.value
					? sign * compare(a.key, b.key)
					: Number(a.value === null) - Number(b.value === null);
			return sign * (compare(a.value, b.value) || compare(a.key, b.key));
		})
		.map(({ key }) => key);
}

const anyOrder: fc.Arbitrary<RunOrder> = fc.record({
	field: fc.constantFrom(...RUN_ORDER_FIELDS),
	direction: fc.constantFrom('asc' as const, 'desc' as const)
});
const maybePinned = fc
	.tuple(anyRun, fc.boolean())
	.map(([run, isPinned]) => (isPinned ? { ...run, pinned: { by: 'ana', at: NOW } } : run));
const anyFleet = fc.uniqueArray(maybePinned, { selector: runKey, maxLength: 25 });

function allPages(index: RunIndex, terms: QueryTerm[], order: RunOrder, limit: number): string[] {
	const keys: string[] = [];
	let cursor: string | undefined;
	do {
		const page = index.page({ terms, order, limit, cursor, now: NOW });
		expect(page.runs.map(runKey)).toEqual(page.keys);
		keys.push(...page.keys);
		cursor = page.nextCursor ?? undefined;
	} while (cursor !== undefined && keys.length <= 100);
	return keys;
}

describe('a page of runs', () => {
	it('holds what the language means, in order, with the total, for any runs and any query', () => {
		fc.assert(
			fc.property(
				anyFleet,
				anyTerms,
				anyOrder,
				fc.integer({ min: 1, max: 7 }),
				anyFew,
				(runs, terms, order, limit, few) => {
					const index = anIndex(runs, few);
					const all = expected(runs, terms, order);
					const page = index.page({ terms, order, limit: 100, now: NOW });
					expect(page.keys).toEqual(all);
					expect([page.total, page.totalExact]).toEqual([all.length, true]);
					expect(allPages(index, terms, order, limit)).toEqual(all);
				}
			),
			{ numRuns: 400 }
		);
	}, 600_000);

	it('is a stretch of the same list by its place, with all that stands before it', () => {
		fc.assert(
			fc.property(
				anyFleet,
				anyTerms,
				anyOrder,
				fc.nat(6),
				fc.nat(6),
				anyFew,
				(runs, terms, order, from, offset, few) => {
					const index = anIndex(runs, few);
					const all = expected(runs, terms, order);
					const ask = (window: RunWindow) =>
						index.page({ terms, order, limit: 3, window, now: NOW });
					expect(ask({ offset }).keys).toEqual(all.slice(offset, offset + 3));
					const head = index.page({
						...{ terms, order, limit: 1, now: NOW },
						window: { offset: from }
					}).keys[0];
					const first = index.page({ terms, order, limit: from + 1, now: NOW });
					const cursor = index.page({ terms, order, limit: from, now: NOW }).nextCursor;
					if (head === undefined || from === 0 || cursor === null) return;
					expect(first.keys.at(-1)).toBe(head);
					const window = ask({ offset, from: cursor });
					expect(window.keys).toEqual(all.slice(from - 1 + offset, from + 2 + offset));
					expect(window.window?.before).toBe(from - 1);
				}
			),
			{ numRuns: 250 }
		);
	}, 600_000);

	it('holds the same for single terms, which take the short ways', () => {
		fc.assert(
			fc.property(anyFleet, anyTerms, anyOrder, (runs, terms, order) => {
				const index = anIndex(runs);
				for (const term of terms.slice(0, 5)) {
					const page = index.page({ terms: [term], order, limit: 100, now: NOW });
					expect(page.keys).toEqual(expected(runs, [term], order));
					expect(page.total).toBe(page.keys.length);
				}
			}),
			{ numRuns: 150 }
		);
	}, 600_000);

	it.each(RUN_ORDER_FIELDS)(
		'is found the same way in a large fleet, by %s',
		(field) => {
			const { runs, indexes } = largeFleet();
			for (const direction of ['asc', 'desc'] as const)
				for (const query of [
					'region:eu',
					'status:errored plan:pro',
					'amount:>250 -tag:a',
					'batch',
					'-region:eu',
					'-region:eu created:<3h',
					'declined region:eu',
					'order:ord-7*'
				]) {
					const order: RunOrder = { field, direction };
					const terms = termsOf(query);
					const all = expected(runs, terms, order);
					for (const index of indexes) {
						const asked = { terms, order, limit: 50, now: NOW };
						const first = index.page(asked);
						expect(first.keys).toEqual(all.slice(0, 50));
						expect(first.total).toBe(all.length);
						const far = index.page({ ...asked, window: { offset: all.length - 20 } });
						expect(far.keys).toEqual(all.slice(-20));
						if (first.nextCursor === null) continue;
						const next = index.page({ ...asked, cursor: first.nextCursor });
						expect(next.keys).toEqual(all.slice(50, 100));
						const window = { from: first.nextCursor, offset: 10 };
						const held = index.page({ ...asked, window });
						expect(held.keys).toEqual(all.slice(59, 109));
						expect(held.window?.before).toBe(49);
					}
				}
		},
		600_000
	);

	it('says "more than 10,000" instead of counting further, except where it knows', () => {
		const random = seeded(3);
		const runs = Array.from({ length: 10_500 }, (_, number) => ({
			...fleetRun(number, 10_500, random),
			metadata: { n: number, all: 'yes' }
		}));
		const index = anIndex(runs);
		const totalOf = (query: string) => {
			const { total, totalExact } = index.page({
				terms: termsOf(query),
				order: NEWEST,
				limit: 1,
				now: NOW
			});
			return { total, totalExact };
		};
		expect(totalOf('')).toEqual({ total: 10_500, totalExact: true });
		expect(totalOf('all:yes')).toEqual({ total: 10_500, totalExact: true });
		expect(totalOf('n:>=0')).toEqual({ total: 10_000, totalExact: false });
		expect(totalOf('n:<10000')).toEqual({ total: 10_000, totalExact: true });
		expect(totalOf('all:yes n:<10001')).toEqual({ total: 10_001, totalExact: true });
		expect(totalOf('amount:>=0 -n:>20000')).toEqual({ total: 0, totalExact: true });
		expect(totalOf('-plan:pro -"nowhere"')).toEqual({ total: 10_500, totalExact: true });
	}, 600_000);

	it('refuses a cursor that is none or that belongs to another order', () => {
		const index = anIndex([aRecord().run, aRecord({ id: 'run-2' }).run]);
		const ask = (order: RunOrder, cursor?: string) =>
			index.page({ terms: [], order, limit: 1, cursor, now: NOW });
		const { nextCursor } = ask(NEWEST);
		expect(() => ask({ field: 'created', direction: 'asc' }, nextCursor ?? '')).toThrow(
			BadCursorError
		);
		for (const cursor of ['', 'x', 'bm8', '💥', btoa('[1]'), btoa('{"a":1}')])
			expect(() => ask(NEWEST, cursor)).toThrow(BadCursorError);
	});

	it('treats tricks in keys and values as text', () => {
		const metadata = { "x' OR 1=1 --": 'a"b', '$.a': 1 };
		const index = anIndex([aRecord({ metadata }).run]);
		expect(keysOf(index, `"x' OR 1=1 --":"a\\"b"`)).toHaveLength(1);
		expect(keysOf(index, `"x' OR 1=1 --":other`)).toHaveLength(0);
		expect(keysOf(index, '$.a:1')).toHaveLength(1);
		expect(keysOf(index, `region:"' OR 1=1 --"`)).toHaveLength(0);
		expect(keysOf(index, '"NEAR(a b) OR {id} : *"')).toHaveLength(0);
	});

	it('takes the longest query there is', () => {
		const index = anIndex([aRecord().run]);
		const terms = termsOf(
			'k:1..2,3..4,5..6,7*,*8,9,>1,>2,>3,>4,>5,<6,a,b,c,d,e,f,g,h,i,j,k,l,m,n '.repeat(20).trim()
		);
		expect(terms).toHaveLength(20);
		const lists: QueryTerm = {
			kind: 'field',
			negated: false,
			field: 'by',
			values: Array.from({ length: 50 }, (_, at) => ({
				kind: 'text',
				text: `${at}`,
				before: at % 2 === 0,
				after: true
			}))
		};
		expect(index.page({ terms, order: NEWEST, limit: 10, now: NOW }).total).toBe(0);
		expect(
			index.page({
				terms: Array.from({ length: 20 }, () => lists),
				order: NEWEST,
				limit: 10,
				now: NOW
			}).total
		).toBe(0);
	});
});

describe('taking records in', () => {
	it('drops a version it has, and an older one', () => {
		const index = anIndex();
		expect(index.upsert(aRecord({ status: 'running' }, 2))).toBe('stored');
		expect(index.upsert(aRecord({ status: 'queued' }, 2))).toBe('stale');
		expect(index.upsert(aRecord({ status: 'queued' }, 1))).toBe('stale');
		expect(index.get('REFUND/run-1')).toEqual(aRecord({ status: 'running' }, 2));
		expect(index.upsert({ ...aRecord({ status: 'complete' }, 3), exact: false })).toBe('stored');
		expect(index.get('REFUND/run-1')?.exact).toBe(false);
	});

	it('lets a restart win over the generation before, whatever the versions', () => {
		const index = anIndex();
		index.upsert(aRecord({ generation: 1, status: 'complete' }, 9));
		expect(index.upsert(aRecord({ generation: 2 }, 1))).toBe('stored');
		expect(index.upsert(aRecord({ generation: 1 }, 10))).toBe('stale');
	});

	it('does not bring a removed run back, unless it was restarted', () => {
		const index = anIndex([aRecord({ metadata: { region: 'eu' } }).run]);
		expect(index.remove(['REFUND/run-1'], { by: 'ana', at: NOW })).toEqual(['REFUND/run-1']);
		expect(index.remove(['REFUND/run-1'], { by: 'ana', at: NOW })).toEqual([]);
		expect(index.tombstone('REFUND/run-1')).toEqual({
			key: 'REFUND/run-1',
			generation: 1,
			version: 1,
			by: 'ana',
			at: NOW,
			person: null,
			policy: null
		});
		expect(index.upsert(aRecord({}, 5))).toBe('stale');
		expect(index.has('REFUND/run-1')).toBe(false);
		expect(index.suggest({ of: 'metadata-keys', prefix: '', limit: 5 })).toEqual([]);
		expect(index.upsert(aRecord({ generation: 2 }, 6))).toBe('stored');
		expect(index.tombstone('REFUND/run-1')).toBeNull();
	});

	it('removes many runs as it removes one after the other', () => {
		fc.assert(
			fc.property(anyFleet, anyTerms, fc.nat(24), (runs, terms, kept) => {
				const keys = runs.map(runKey).slice(kept);
				const [together, apart] = [anIndex(runs), anIndex(runs)];
				together.remove(keys, { by: 'ana', at: NOW });
				for (const key of keys) apart.remove([key], { by: 'ana', at: NOW });
				const left = anIndex(runs.slice(0, kept));
				for (const index of [together, apart]) {
					expect(allPages(index, terms, NEWEST, 100)).toEqual(allPages(left, terms, NEWEST, 100));
					expect(index.counts()).toEqual(left.counts());
					const words = { of: 'metadata-values', prefix: '', limit: 100 } as const;
					expect(index.suggest(words)).toEqual(left.suggest(words));
					expect(index.suggest({ ...words, of: 'metadata-keys' })).toEqual(
						left.suggest({ ...words, of: 'metadata-keys' })
					);
				}
			})
		);
	});

	it('keeps a pin whatever is reported, until somebody takes it', () => {
		const index = anIndex([aRecord({}).run]);
		const pinned = { by: 'ana', at: NOW };
		index.pin('REFUND/run-1', pinned);
		expect(keysOf(index, 'is:pinned')).toEqual(['REFUND/run-1']);
		index.upsert(aRecord({ status: 'complete' }, 5));
		expect(index.get('REFUND/run-1')?.run).toMatchObject({ status: 'complete', pinned });
		index.pin('REFUND/run-1', null);
		expect(keysOf(index, 'is:pinned')).toEqual([]);
		index.upsert(aRecord({ pinned }, 6));
		expect(index.get('REFUND/run-1')?.run.pinned).toBeUndefined();
	});

	it('answers for the last record only, after any sequence of them', () => {
		const step = fc.oneof(
			{ arbitrary: fc.record({ run: anyRun, version: fc.nat(5) }), weight: 6 },
			{ arbitrary: fc.record({ remove: anyRun.map(runKey) }), weight: 1 }
		);
		fc.assert(
			fc.property(
				fc.array(step, { maxLength: 40 }),
				anyTerms,
				anyOrder,
				anyFew,
				(steps, terms, order, few) => {
					const index = anIndex([], few);
					const asked = { terms, order, limit: 100, now: NOW };
					const model = new Map<string, { run: Run; version: number }>();
					const gone = new Map<string, number>();
					const marks = new Map<string, Set<string>>();
					for (const change of steps) {
						// Whoever asks in between must not be told of it for ever.
						index.page(asked);
						if ('remove' in change) {
							const old = model.get(change.remove);
							const removed = index.remove([change.remove], { by: 'ana', at: NOW });
							expect(removed).toEqual(old ? [change.remove] : []);
							if (old) gone.set(change.remove, old.run.generation);
							model.delete(change.remove);
							continue;
						}
						const { run, version } = change;
						const key = runKey(run);
						const old = model.get(key);
						const newer = old
							? run.generation > old.run.generation ||
								(run.generation === old.run.generation && version > old.version)
							: run.generation > (gone.get(key) ?? 0);
						expect(index.upsert({ run, version, exact: true })).toBe(newer ? 'stored' : 'stale');
						if (!newer) continue;
						model.set(key, { run, version });
						const minute = (at: number) => at - (at % 60_000);
						const own = new Set<string>();
						if (run.startedAt !== null) own.add(`${minute(run.startedAt)} started`);
						if (isEnded(run.status))
							own.add(
								`${minute(run.finishedAt ?? run.updatedAt)} ${run.status === 'complete' ? 'completed' : 'failed'}`
							);
						marks.set(`${key} ${run.generation}`, own);
					}
					const runs = [...model.values()].map(({ run }) => run);
					const page = index.page(asked);
					expect(page.keys).toEqual(expected(runs, terms, order));
					expect(page.total).toBe(page.keys.length);
					const others = terms.filter((term) => term.kind !== 'field' || term.field !== 'status');
					const shown = Object.groupBy(
						runs.filter((run) => matches(others, run, NOW)),
						({ status }) => status
					);
					expect(index.byStatus(terms, { now: NOW, counted: 'any' })).toEqual(
						Object.fromEntries(
							Object.entries(shown).map(([status, group]) => [status, group.length])
						)
					);
					const counts = Object.groupBy(runs, ({ status }) => status);
					expect(index.counts()).toEqual(
						Object.fromEntries(
							Object.entries(counts).map(([status, group]) => [status, group.length])
						)
					);
					const activity = index
						.activity(0)
						.flatMap(({ minute, ...kinds }) =>
							Object.entries(kinds).flatMap(([kind, n]) =>
								n > 0 ? [[`${minute} ${kind}`, n]] : []
							)
						);
					const recounted = Object.groupBy(
						[...marks.values()].flatMap((own) => [...own]),
						(mark) => mark
					);
					expect(Object.fromEntries(activity)).toEqual(
						Object.fromEntries(
							Object.entries(recounted).map(([mark, group]) => [mark, group?.length])
						)
					);
				}
			),
			{ numRuns: 150 }
		);
	}, 600_000);
});

describe('text search', () => {
	it('finds runs by metadata, Agent and progress, and follows their changes', () => {
		const index = anIndex();
		const run = aRecord({ id: 'a', metadata: { order: 'ORD-1007' }, progress: 'Asking' });
		index.upsert(run);
		const finds = (text: string) => keysOf(index, text).length;
		expect([finds('ORD-10'), finds('asking'), finds('store-agent'), finds('7')]).toEqual([
			1, 1, 1, 1
		]);
		const later = { ...run.run, progress: { stage: 'book' }, metadata: { order: 'ORD-2' } };
		index.upsert({ ...run, version: run.version + 1, run: later });
		expect([finds('ORD-10'), finds('asking'), finds('ord-2'), finds('book')]).toEqual([0, 0, 1, 1]);
		index.remove([runKey(run.run)], { by: 'ana', at: NOW });
		expect([finds('ord-2'), finds('book')]).toEqual([0, 0]);
	});
});

describe('questions about the fleet', () => {
	it('names the runs that a run started, oldest first', () => {
		const parent = { workflow: 'STOCK_COUNT', id: 'p1' };
		const index = anIndex([
			aRecord({ id: 'second', parent, createdAt: NOW - 1 }).run,
			aRecord({ id: 'first', parent, createdAt: NOW - 2 }).run,
			aRecord({ id: 'stranger', parent: { ...parent, id: 'P1' } }).run
		]);
		expect(index.familyOf(parent).descendants.map(({ id }) => id)).toEqual(['first', 'second']);
		expect(index.countChildren([parent])).toBe(2);
	});

	it('tells Agents apart that differ in case only, in counts, purges and completions', () => {
		const agent = (name: string) => ({ class: 'StoreAgent', name, path: `store-agent/${name}` });
		const ended = { status: 'complete', finishedAt: NOW } as const;
		const index = anIndex([
			aRecord({ id: 'a', agent: agent('Acme'), ...ended }).run,
			aRecord({ id: 'b', agent: agent('acme'), ...ended }).run,
			aRecord({ id: 'Order-77', agent: agent('x'), ...ended }).run,
			aRecord({ id: 'order-77', agent: agent('x'), ...ended }).run
		]);
		const found = (field: 'agent' | 'id', value: string) =>
			index
				.page({ terms: [fieldTerm(field, [value])], order: NEWEST, limit: 9, now: NOW })
				.runs.map(({ id }) => id);
		expect(found('agent', 'store-agent/Acme')).toEqual(['a']);
		expect(found('id', 'order-77')).toEqual(['order-77']);
		const offered = index.suggest({ of: { field: 'agent' }, prefix: 'store-agent/ac', limit: 9 });
		expect(offered).toEqual([
			{ value: 'store-agent/Acme', runs: 1 },
			{ value: 'store-agent/acme', runs: 1 }
		]);
	});

	it('takes over an index in which Agents that differ in case were one', () => {
		const db = memorySql();
		const index = new RunIndex(db);
		index.migrate();
		const agent = (name: string) => ({ class: 'StoreAgent', name, path: `store-agent/${name}` });
		const parent = { workflow: 'STOCK_COUNT', id: 'P1' };
		index.upsert(aRecord({ id: 'a', agent: agent('Acme'), parent }));
		index.upsert(aRecord({ id: 'b', agent: agent('acme') }));
		// As the version before wrote it.
		db.exec(
			'UPDATE sb_runs SET agent = lower(agent), parent = lower(parent), parent_id = lower(parent_id)'
		);
		db.exec('DELETE FROM sb_agent_counts');
		db.exec(
			'INSERT INTO sb_agent_counts SELECT agent, status, count(*) FROM sb_runs GROUP BY 1, 2'
		);
		withoutPurgeSteps(db);
		db.exec('ALTER TABLE sb_runs DROP COLUMN note');
		db.exec('DROP TABLE sb_run_notes');
		db.exec("UPDATE signalbox_migrations SET taken = 3 WHERE owner = 'sb_runs'");
		new RunIndex(db).migrate();
		const offered = index.suggest({ of: { field: 'agent' }, prefix: '', limit: 9 });
		expect(offered.map(({ value }) => value)).toEqual(['store-agent/Acme', 'store-agent/acme']);
		expect(index.countChildren([parent])).toBe(1);
	});

	it('finds what an index held before text search knew metadata, Agents and progress', () => {
		const db = memorySql();
		const index = new RunIndex(db);
		index.migrate();
		const agent = { class: 'StoreAgent', name: 'Oslo', path: 'store-agent/Oslo' };
		const metadata = { order: 'ORD-1007', customer: { name: 'Ann' } };
		index.upsert(aRecord({ id: 'a', agent, metadata, progress: { message: 'Refunding' } }));
		index.upsert(aRecord({ id: 'b', progress: 'Asked the store' }));
		withoutPurgeSteps(db);
		db.exec('ALTER TABLE sb_runs DROP COLUMN note');
		db.exec('DROP TABLE sb_run_notes');
		db.exec('DROP TABLE sb_run_text');
		db.exec(`CREATE VIRTUAL TABLE sb_run_text USING fts5 (
			id, error, tokenize = 'trigram case_sensitive 1', content = '', contentless_delete = 1
		)`);
		db.exec("UPDATE signalbox_migrations SET taken = 4 WHERE owner = 'sb_runs'");
		const again = new RunIndex(db);
		again.migrate();
		for (const [text, id] of [
			['ord-1007', 'a'],
			['ann', 'a'],
			['oslo', 'a'],
			['refunding', 'a'],
			['asked the', 'b']
		] as const) {
			expect(keysOf(again, `"${text}"`), text).toEqual([expect.stringMatching(`/${id}$`)]);
		}
	});

	it('names a run’s whole family, parents before their children, round in a circle once', () => {
		const ref = (id: string) => ({ workflow: 'REFUND', id });
		const index = anIndex([
			aRecord({ id: 'top' }).run,
			aRecord({ id: 'middle', parent: ref('top') }).run,
			aRecord({ id: 'low', parent: ref('middle') }).run,
			aRecord({ id: 'other', parent: ref('top') }).run,
			aRecord({ id: 'ring-a', parent: ref('ring-b') }).run,
			aRecord({ id: 'ring-b', parent: ref('ring-a') }).run
		]);
		const ids = (runs: Run[]) => runs.map(({ id }) => id);
		expect(ids(index.familyOf(ref('top')).descendants)).toEqual(['middle', 'other', 'low']);
		expect(ids(index.familyOf(ref('low')).ancestors)).toEqual(['middle', 'top']);
		const ring = index.familyOf(ref('ring-a'));
		expect([ids(ring.ancestors), ids(ring.descendants)]).toEqual([['ring-b'], []]);
	});

	it('names a family of any depth', () => {
		const ref = (place: number) => ({ workflow: 'REFUND', id: `line-${place}` });
		const line = Array.from({ length: 40 }, (_, place) => {
			const parent = place === 0 ? {} : { parent: ref(place - 1) };
			return aRecord({ id: ref(place).id, ...parent }).run;
		});
		const index = anIndex(line);
		expect(index.familyOf(ref(0)).descendants).toHaveLength(39);
		expect(index.familyOf(ref(39)).ancestors).toHaveLength(39);
	});

	it('says how long the last completed runs of a workflow took', () => {
		const took = (ms: number, given: Partial<Run> = {}) => {
			const times = { startedAt: NOW - ms, finishedAt: NOW };
			return aRecord({ id: `took-${ms}`, outcome: 'completed', ...times, ...given }).run;
		};
		const index = anIndex([
			...Array.from({ length: 100 }, (_, number) => took(number + 1)),
			took(9_000, { outcome: 'failed' }),
			took(8_000, { workflow: 'OTHER' })
		]);
		const nobody = { humanWaits: () => new Map<string, number>() };
		const { usual } = index.around({ workflow: 'REFUND', id: 'took-1' }, nobody);
		expect(usual).toEqual({ runs: 100, p50Ms: 50, p95Ms: 95 });
		expect(index.around({ workflow: 'NONE', id: 'x' }, nobody)).toEqual({
			usual: null,
			similar: []
		});
		const slow = { humanWaits: (keys: readonly string[]) => new Map(keys.map((key) => [key, 40])) };
		expect(index.around({ workflow: 'REFUND', id: 'took-1' }, slow).usual).toEqual({
			...{ runs: 100, p50Ms: 10, p95Ms: 55 }
		});
	});

	it('names runs like one: those first that share most of its metadata, then the newest', () => {
		const index = anIndex([
			aRecord({ id: 'one', metadata: { region: 'eu', customer: 'ann', order: 7 } }).run,
			aRecord({ id: 'two-shared', metadata: { region: 'eu', customer: 'ann' } }).run,
			aRecord({ id: 'one-shared', metadata: { region: 'eu' } }).run,
			aRecord({ id: 'newest', createdAt: NOW }).run,
			aRecord({ id: 'other', workflow: 'OTHER', metadata: { region: 'eu', customer: 'ann' } }).run
		]);
		const { similar } = index.around(
			{ workflow: 'REFUND', id: 'one' },
			{ humanWaits: () => new Map() }
		);
		expect(similar.map(({ id }) => id)).toEqual(['two-shared', 'one-shared', 'newest']);
	});

	it('completes keys and values as they were written, the most frequent first', () => {
		const index = anIndex([
			aRecord({ id: 'a', metadata: { Region: 'EU' }, step: 'Load rows' }).run,
			aRecord({ id: 'b', metadata: { Region: 'EU', customer: { name: 'Ann' } } }).run,
			aRecord({ id: 'c', metadata: { Region: 'us' }, status: 'queued' }).run
		]);
		expect(index.suggest({ of: 'metadata-keys', prefix: 'r', limit: 5 })).toEqual([
			{ value: 'Region', runs: 3 }
		]);
		expect(index.suggest({ of: { metadata: 'region' }, prefix: '', limit: 5 })).toEqual([
			{ value: 'EU', runs: 2 },
			{ value: 'us', runs: 1 }
		]);
		expect(index.suggest({ of: 'metadata-values', prefix: 'EU', limit: 5 })).toEqual([
			{ key: 'Region', value: 'EU', runs: 2 }
		]);
		expect(index.suggest({ of: 'metadata-values', prefix: 'an', limit: 5 })).toEqual([
			{ key: 'customer.name', value: 'Ann', runs: 1 }
		]);
		expect(index.suggest({ of: { field: 'status' }, prefix: 'r', limit: 5 })).toEqual([
			{ value: 'running', runs: 2 }
		]);
		expect(index.suggest({ of: { field: 'step' }, prefix: 'lo', limit: 5 })).toEqual([
			{ value: 'Load rows', runs: 1 }
		]);
	});
});
