import { expect, test } from 'vitest';
import { inboxQuery } from '../../../../src/lib/client/live/live-approvals.svelte';
import { joinPages } from '../../../../src/lib/client/live/approval-pages';
import { Arrivals } from '../../../../src/routes/shell/arrivals';
import { batchApprovals } from '../../../../src/routes/approvals/inbox/group-decision';
import {
	inboxParams,
	listQuery,
	readInboxUrl,
	defaultAssignee,
	type InboxPlace
} from '../../../../src/routes/approvals/inbox-url';
import { anApproval } from '../../support/approvals';

const placeAt = (search: string) => readInboxUrl(new URL(`http://localhost/approvals${search}`));

test('the inbox asks for just what its badge counts, for every set of roles', () => {
	for (const roles of [['viewer'], ['viewer', 'approver'], ['operator', 'admin']] as const) {
		expect(listQuery(placeAt(''), defaultAssignee(roles))).toEqual(inboxQuery(roles));
	}
});

test('filters are written to the URL and read back; what it does not know goes without saying', () => {
	const place: InboxPlace = {
		tab: 'decided',
		assignee: 'group',
		q: 'tea & pots',
		workflow: 'WRITE_OFF',
		severities: ['high', 'critical'],
		statuses: ['rejected'],
		grouped: true
	};
	const given = Object.entries(inboxParams(place)).flatMap(([name, value]) =>
		value === null ? [] : [[name, value]]
	);
	expect(placeAt(`?${new URLSearchParams(given)}`)).toEqual({
		...place,
		severities: ['high', 'critical']
	});
	expect(placeAt('?tab=nothing&whose=nobody&severity=odd&status=pending')).toEqual(placeAt(''));
});

test('pages of one list are joined, each approval once', () => {
	const [a, b, c] = ['a', 'b', 'c'].map((id) => anApproval({ id: `ap_${id}00000` }));
	if (!a || !b || !c) throw new Error('There are three.');
	const first = { approvals: [a, b], total: 3, nextCursor: 'one' };
	const second = { approvals: [b, c], total: 3, nextCursor: null };
	expect(joinPages([first, second])).toEqual({ approvals: [a, b, c], total: 3, nextCursor: null });
});

test('what was there at first is no news; what comes is told once', () => {
	const arrivals = new Arrivals();
	const [a, b] = [{ id: 'a' }, { id: 'b' }];
	expect(arrivals.of([a])).toEqual([]);
	expect(arrivals.of([b, a])).toEqual([b]);
	expect(arrivals.of([b])).toEqual([]);
	expect(arrivals.of([a, b])).toEqual([]);
});

test('several go together by the data that each proposes, a hundred at once', () => {
	const form = { type: 'object' };
	const plain = Array.from({ length: 130 }, (_, place) =>
		anApproval({ id: `ap_plain${String(place).padStart(4, '0')}` })
	);
	const asking = [1, 1, 2].map((units, place) =>
		anApproval({ id: `ap_asking${place}`, form, initial: { units } })
	);
	const batches = batchApprovals([...plain, ...asking], true);
	expect(batches.map(({ data, ids }) => [data, ids.length])).toEqual([
		[undefined, 100],
		[undefined, 30],
		[{ units: 1 }, 2],
		[{ units: 2 }, 1]
	]);
	expect(batchApprovals(asking, false)).toEqual([
		{ data: undefined, ids: asking.map(({ id }) => id) }
	]);
});
