import { describe, expect, it } from 'vitest';
import { RUN_ORDER_FIELDS, runOrderSchema, runQuerySchema } from '../../../../src/lib/protocol';

const limitOf = (limit: unknown) => runQuerySchema.safeParse({ limit });

describe('the order of a list of runs', () => {
	it('is a field and a direction', () => {
		for (const field of RUN_ORDER_FIELDS) {
			for (const direction of ['asc', 'desc'] as const) {
				expect(runOrderSchema.parse(`${field}:${direction}`)).toEqual({ field, direction });
			}
		}
	});

	it('goes down when only the field is given, by creation when only the direction is', () => {
		expect(runOrderSchema.parse('duration')).toEqual({ field: 'duration', direction: 'desc' });
		expect(runOrderSchema.parse('asc')).toEqual({ field: 'created', direction: 'asc' });
		expect(runOrderSchema.parse('desc')).toEqual({ field: 'created', direction: 'desc' });
	});

	it('is refused with what would be right', () => {
		const wrong = [
			'',
			'id',
			'created:up',
			'created:',
			':asc',
			'Created:asc',
			'created:asc:desc',
			'asc:desc'
		];
		for (const text of wrong) {
			const { error } = runOrderSchema.safeParse(text);
			expect(error?.issues[0]?.message, text).toContain('for example created:desc');
		}
		expect(runOrderSchema.safeParse(7).success).toBe(false);
	});
});

describe('what a list of runs is asked for', () => {
	it('is the newest 50 runs when nothing is said', () => {
		expect(runQuerySchema.parse({})).toEqual({
			q: '',
			limit: 50,
			order: { field: 'created', direction: 'desc' }
		});
	});

	it('takes a limit from 1 to 100, as a number and as the text of a URL', () => {
		expect(limitOf(1).data?.limit).toBe(1);
		expect(limitOf('100').data?.limit).toBe(100);
		for (const limit of [0, 101, -1, 1.5, 'many', '', '1e9', Number.NaN, ['1', '2'], {}]) {
			expect(limitOf(limit).error?.issues[0]?.path, String(limit)).toEqual(['limit']);
		}
	});

	it('has bounds for the query and the cursor, and takes nothing unknown', () => {
		expect(runQuerySchema.safeParse({ q: 'x'.repeat(2000) }).success).toBe(true);
		expect(runQuerySchema.safeParse({ q: 'x'.repeat(2001) }).success).toBe(false);
		expect(runQuerySchema.safeParse({ cursor: 'x'.repeat(1001) }).success).toBe(false);
		expect(runQuerySchema.safeParse({ sort: 'created' }).success).toBe(false);
	});
});
