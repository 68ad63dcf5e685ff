import { expect, test } from 'vitest';
import { mergeRows } from '../../../../src/routes/approvals/inbox/merge-rows';
import type { Approval } from '../../../../src/lib/protocol';
import { anApproval } from '../../support/approvals';

const named = (...ids: string[]) => ids.map((id) => anApproval({ id: `ap_${id}00000` }));
const drawn = (...lists: [Approval[], Approval[], Approval[]]) =>
	mergeRows(...lists).map(({ approval, isGone }) => [approval.id.slice(3, 4), isGone]);

test('rows that are not frozen follow the live list', () => {
	expect(drawn([], named('b', 'a'), [])).toEqual([
		['b', false],
		['a', false]
	]);
});

test('frozen rows keep their places and new ones follow them', () => {
	expect(drawn(named('a', 'b'), named('n', 'b', 'a'), [])).toEqual([
		['a', false],
		['b', false],
		['n', false]
	]);
});

test('a row that is decided meanwhile stays in place and shows its decision', () => {
	const [a, b] = named('a', 'b');
	if (!a || !b) throw new Error('There are two.');
	const decided: Approval = { ...a, status: 'approved' };
	expect(mergeRows([a, b], [b], [decided])).toEqual([
		{ approval: decided, isGone: true },
		{ approval: b, isGone: false }
	]);
	expect(mergeRows([a, b], [b], [])[0]).toEqual({ approval: a, isGone: true });
});
