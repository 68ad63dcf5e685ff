import { describe, expect, it } from 'vitest';
import { tracksOf, columnOf } from '../../../../src/lib/features/runs/run-columns';
import { ALL_RUNS, readRunsUrl, writeRunsUrl } from '../../../../src/lib/features/runs/runs-url';
import { isChanged, placeOf, viewHref } from '../../../../src/lib/features/runs/saved-view';

const read = (href: string) => readRunsUrl(new URL(href, 'http://localhost'));

describe('the URL of a list', () => {
	it('says nothing that goes without saying', () => {
		expect(writeRunsUrl({})).toBe('/runs');
		expect(read('/runs')).toEqual(ALL_RUNS);
	});

	it('is read back as it was written, with any metadata key as a column', () => {
		const place = {
			q: 'status:errored -region:"eu, north"',
			order: { field: 'duration', direction: 'asc' },
			columns: ['status', 'metadata.a,b', 'metadata.50 %', 'id'],
			zone: 'Europe/Lisbon',
			view: 'view_1'
		} as const;
		expect(read(writeRunsUrl(place))).toEqual(place);
	});

	it('is usual where it cannot be read', () => {
		expect(read('/runs?order=color&columns=nothing,,&zone=Mars&view=')).toEqual(ALL_RUNS);
		expect(read('/runs?columns=%25E0%25A4,id,id').columns).toEqual(['id']);
	});
});

describe('a saved view', () => {
	const view = { id: 'v', q: 'is:overdue', order: 'updated:desc', columns: ['id'], zone: 'UTC' };

	it('differs from its view when the query, order, columns or zone differ', () => {
		const place = placeOf(view);
		expect(isChanged(view, place)).toBe(false);
		expect(isChanged(view, { ...place, q: '' })).toBe(true);
		expect(isChanged(view, { ...place, columns: null })).toBe(true);
		expect(isChanged(view, { ...place, zone: 'local' })).toBe(true);
		expect(isChanged(view, { ...place, order: ALL_RUNS.order })).toBe(true);
	});

	it('has its query in its URL also when that is empty, which a link to the view has not', () => {
		expect(viewHref({ ...view, q: '' })).toContain('q=');
		expect(read('/runs?view=v').view).toBe('v');
	});
});

describe('the columns of a row', () => {
	const columns = ['status', 'id', 'started', 'metadata.region'].flatMap(
		(id) => columnOf(id) ?? []
	);

	it('share the room that is left', () => {
		expect(tracksOf(columns, {}, 9)).toEqual({
			template: '1.25rem 7.5rem minmax(10rem, 2fr) 9rem minmax(5rem, 1fr)',
			least: 'calc(37.75rem + 0px)'
		});
	});

	it('are as wide as somebody made them', () => {
		expect(tracksOf(columns, { id: 300, unknown: 50 }, 5.5)).toEqual({
			template: '1.25rem 7.5rem 300px 5.5rem minmax(5rem, 1fr)',
			least: 'calc(24.25rem + 300px)'
		});
	});
});
