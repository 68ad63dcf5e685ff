import { expect, test } from 'vitest';
import { joinEntries } from '../../../../src/lib/client/live/audit-pages';
import type { AuditEntry } from '../../../../src/lib/protocol';

const entry = (id: number, result = 'done'): AuditEntry => ({
	...{ id, at: id, by: 'ana', action: 'run.pause' },
	...{ target: null, detail: {}, result }
});
const ids = (entries: readonly AuditEntry[] | null) => entries?.map(({ id }) => id);

test('what the live page drops stays, and what it has again is as it has it', () => {
	const joined = joinEntries([entry(5), entry(4)], [entry(4, 'pending'), entry(3), entry(2)]);
	expect(ids(joined)).toEqual([5, 4, 3, 2]);
	expect(joined?.[1]?.result).toBe('done');
});

test('a gap between the two is not hidden', () => {
	expect(joinEntries([entry(9), entry(8)], [entry(4), entry(3)])).toBeNull();
});

test('either can be empty', () => {
	expect(ids(joinEntries([], [entry(1)]))).toEqual([1]);
	expect(ids(joinEntries([entry(1)], []))).toEqual([1]);
});
