import { expect, test } from 'vitest';
import { mergeRows } from '../../../../src/routes/approvals/inbox/merge-rows';
import type { Approval } from '../../../../src/lib/protocol';
import { anApproval } from '../../support/approvals';

const named = (...ids: string[]) => ids.map((id) => anApproval({ id: `ap_${id}00000` }));
const drawn = (...lists: [Approval[], Approval[], Approval[]]) =>
	mergeRows(...lists).map(({ approval, isGone }) => [approval.id.slice(3, 4), isGone]);

test('while nobody reads, the list is as it is', () => {
	expect(drawn([], named('b', 'a'), [])).toEqual([
		['b', false],
		['a', false]
	]);
});

test('while somebody reads, rows keep their places and what is new comes after them', () => {
	expect(drawn(named('a', 'b'), named('n', 'b', 'a'), [])).toEqual([
		['a', false],
		['b', false],
		['n', false]
	]);
});

test('what is decided meanwhile stays where it is, as it has become', () => {
	const [a, b] = named('a', 'b');
	if (!a || !b) throw new Error('There are two.');
	const decided: Approval = { ...a, status: 'approved' };
	expect(mergeRows([a, b], [b], [decided])).toEqual([
		{ approval: decided, isGone: true },
		{ approval: b, isGone: false }
	]);
	expect(mergeRows([a, b], [b], [])[0]).toEqual({ approval: a, isGone: true });
});
