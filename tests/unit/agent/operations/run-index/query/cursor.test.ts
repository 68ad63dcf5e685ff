import { expect, it } from 'vitest';
import { z } from 'zod';
import {
	encodeCursor,
	ID_CURSOR,
	parseCursor
} from '../../../../../../src/lib/agent/operations/run-index/query/cursor';

it('a cursor of another list, or one that was made up, is refused', () => {
	expect(parseCursor(encodeCursor([7]), ID_CURSOR)).toEqual([7]);
	const pair = z.tuple([z.number(), z.string()]);
	expect(parseCursor(encodeCursor([7, 'a']), pair)).toEqual([7, 'a']);
	for (const text of ['[]', '["abc"]', '[null]', '[{}]', '[7,"a"]', '{}', '7']) {
		expect(() => parseCursor(btoa(text), ID_CURSOR), text).toThrow();
	}
	expect(() => parseCursor('%', ID_CURSOR)).toThrow();
	expect(() => parseCursor(encodeCursor([7]), pair)).toThrow();
});
