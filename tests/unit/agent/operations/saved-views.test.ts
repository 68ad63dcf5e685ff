import { describe, expect, it } from 'vitest';
import { SavedViews } from '../../../../src/lib/agent/operations/saved-views';
import {
	BUILT_IN_VIEWS,
	ProblemError,
	savedViewInputSchema,
	type Identity,
	type Role
} from '../../../../src/lib/protocol';
import { memorySql } from '../../support/sqlite';

const person = (name: string, ...roles: Role[]): Identity => ({
	subject: `local:${name}`,
	name,
	email: null,
	roles
});
const vera = person('vera', 'viewer');
const otto = person('otto', 'operator');
const ada = person('ada', 'admin');
const view = (given: object) => savedViewInputSchema.parse(given);

function kept(): SavedViews {
	const views = new SavedViews(memorySql());
	views.migrate();
	return views;
}

const namesOf = (views: SavedViews, by: Identity) =>
	views
		.of(by)
		.filter(({ owner }) => owner !== null)
		.map(({ name }) => name);

function kindOf(work: () => unknown): string | undefined {
	try {
		work();
	} catch (error) {
		if (error instanceof ProblemError) return error.problem.type.split(':').at(-1);
		throw error;
	}
}

describe('saved views', () => {
	it('are those that come with Signalbox, one’s own, and those that others share', () => {
		const views = kept();
		views.save(undefined, view({ name: 'Vera’s', q: 'is:overdue' }), vera, 1);
		views.save(undefined, view({ name: 'Everybody’s', shared: true }), otto, 2);
		views.save(undefined, view({ name: 'Otto’s' }), otto, 3);
		expect(views.of(vera).slice(0, BUILT_IN_VIEWS.length)).toEqual(BUILT_IN_VIEWS);
		expect(namesOf(views, vera)).toEqual(['Vera’s', 'Everybody’s']);
		expect(namesOf(views, otto)).toEqual(['Everybody’s', 'Otto’s']);
		expect(namesOf(views, ada)).toEqual(['Everybody’s']);
		expect(views.of(vera).at(-2)).toMatchObject({ q: 'is:overdue', owner: 'vera', createdAt: 1 });
	});

	it('are shared by operators and admins only', () => {
		const views = kept();
		const shared = view({ name: 'Ours', shared: true });
		expect(kindOf(() => views.save(undefined, shared, vera, 1))).toBe('forbidden');
		const own = views.save(undefined, view({ name: 'Mine' }), vera, 1);
		expect(kindOf(() => views.save(own.id, shared, vera, 2))).toBe('forbidden');
		expect(views.save(undefined, shared, otto, 1).shared).toBe(true);
		expect(views.save(undefined, shared, ada, 1).shared).toBe(true);
	});

	it('are changed and deleted by their owner, and shared ones by admins too', () => {
		const views = kept();
		const { id } = views.save(undefined, view({ name: 'Ours', shared: true }), otto, 1);
		const named = (name: string) => view({ name, shared: true });
		expect(kindOf(() => views.save(id, named('Hers'), person('olga', 'operator'), 2))).toBe(
			'forbidden'
		);
		expect(kindOf(() => views.delete(id, vera))).toBe('forbidden');
		expect(views.save(id, named('Renamed'), ada, 2)).toMatchObject({
			name: 'Renamed',
			owner: 'otto',
			createdAt: 1,
			updatedAt: 2
		});
		views.delete(id, otto);
		expect(namesOf(views, otto)).toEqual([]);
		expect(kindOf(() => views.delete(id, otto))).toBe('unknown-view');
	});

	it('of one’s own are seen by nobody else, admins included', () => {
		const views = kept();
		const { id } = views.save(undefined, view({ name: 'Mine' }), vera, 1);
		expect(kindOf(() => views.get(id, ada))).toBe('unknown-view');
		expect(kindOf(() => views.save(id, view({ name: 'x' }), ada, 2))).toBe('unknown-view');
		expect(kindOf(() => views.pin(id, true, otto))).toBe('unknown-view');
	});

	it('that come with Signalbox can be unpinned, but neither changed nor deleted', () => {
		const views = kept();
		const id = BUILT_IN_VIEWS[0]?.id ?? '';
		expect(kindOf(() => views.save(id, view({ name: 'x' }), ada, 1))).toBe('forbidden');
		expect(kindOf(() => views.delete(id, ada))).toBe('forbidden');
		expect(views.pin(id, false, vera).pinned).toBe(false);
		expect(views.get(id, otto).pinned).toBe(true);
	});

	it('are at hand when they are one’s own, and each person pins for themselves', () => {
		const views = kept();
		const { id, pinned } = views.save(undefined, view({ name: 'Ours', shared: true }), otto, 1);
		expect(pinned).toBe(true);
		expect(views.get(id, vera).pinned).toBe(false);
		views.pin(id, true, vera);
		views.pin(id, false, otto);
		expect(views.get(id, vera).pinned).toBe(true);
		expect(views.get(id, otto).pinned).toBe(false);
	});

	it('belong to a subject, since names repeat and change', () => {
		const views = kept();
		const ana = { ...vera, subject: 'ana@example.com', name: 'Ana' };
		views.save(undefined, view({ name: 'Mine' }), ana, 1);
		expect(namesOf(views, { ...ana, subject: 'ana@example.org' })).toEqual([]);
		expect(namesOf(views, { ...ana, name: 'Ana B.' })).toEqual(['Mine']);
		const posing = { ...vera, subject: 'access:7', name: 'ana@example.com' };
		expect(namesOf(views, posing)).toEqual([]);
	});

	it('are at most 50 a person', () => {
		const views = kept();
		for (let number = 1; number <= 50; number += 1)
			views.save(undefined, view({ name: `View ${number}` }), vera, number);
		expect(kindOf(() => views.save(undefined, view({ name: 'One more' }), vera, 51))).toBe(
			'invalid-input'
		);
		expect(namesOf(views, vera)).toHaveLength(50);
	});
});
