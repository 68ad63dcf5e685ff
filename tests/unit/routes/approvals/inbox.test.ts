import { expect, test } from 'vitest';
import { inboxQuery } from '../../../../src/lib/client/live/live-approvals';
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

test('the inbox lists exactly what its badge counts, for every set of roles', () => {
	for (const roles of [['viewer'], ['viewer', 'approver'], ['operator', 'admin']] as const) {
		expect(listQuery(placeAt(''), defaultAssignee(roles))).toEqual(inboxQuery(roles));
	}
});

test('filters are written to the URL and read back; unknown values fall back to the default', () => {
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

test('pages of one list are joined without duplicates', () => {
	const [a, b, c] = ['a', 'b', 'c'].map((id) => anApproval({ id: `ap_${id}00000` }));
	if (!a || !b || !c) throw new Error('There are three.');
	const first = { approvals: [a, b], total: 3, nextCursor: 'one' };
	const second = { approvals: [b, c], total: 3, nextCursor: null };
	expect(joinPages([first, second])).toEqual({ approvals: [a, b, c], total: 3, nextCursor: null });
});

test('the first approvals are not new; later ones are new once', () => {
	const arrivals = new Arrivals();
	const [a, b] = [{ id: 'a' }, { id: 'b' }];
	expect(arrivals.newIn([a])).toEqual([]);
	expect(arrivals.newIn([b, a])).toEqual([b]);
	expect(arrivals.newIn([b])).toEqual([]);
	expect(arrivals.newIn([a, b])).toEqual([]);
});

test('a group is decided in requests of at most 100 approvals with the same data', () => {
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
