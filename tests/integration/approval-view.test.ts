// One request as a page looks at it: who else does, what earlier ones tell; and a sample at work.
import { describe, expect, test } from 'vitest';
import { PIA, VERA } from './support/people';
import { useSignalbox } from './support/signalbox';
import { Watching } from './support/watching';

const signalbox = useSignalbox();
const FAY = 'fay:approver,@finance';

const writeOff = (id: string, units: number, more: object = {}) =>
	signalbox.as('otto:operator').start({
		workflow: 'WRITE_OFF',
		id,
		params: { product: 'Teapot', units, unitCost: 20, reason: 'Water', ...more }
	});
const open = (as: string) => signalbox.connect('operations-agent/main', { as, sdk: true });

describe('one approval', () => {
	test('shows who else looks at it, until they look away', async () => {
		const approval = await signalbox.as().approvalOf(await writeOff('looked-at', 1));
		const view = { kind: 'approval', id: approval.id } as const;
		const [pia, vera] = await Promise.all([open(PIA), open(VERA)]);
		const first = Watching.whole(pia, view);
		expect(await first.until(() => true)).toMatchObject({
			approval: { id: approval.id, title: 'Write off 1 × Teapot' },
			run: { workflow: 'WRITE_OFF', id: 'looked-at' },
			watchers: []
		});
		const second = Watching.whole(vera, view);
		await first.until(({ watchers }) => watchers.includes('vera'));
		await second.until(({ watchers }) => watchers.includes('pia'));

		await signalbox.as(PIA).post(`/approvals/${approval.id}/claim`);
		await second.until((change) => change.approval.claimedBy === 'pia');
		await vera.close();
		await first.until(({ watchers }) => watchers.length === 0);
		await pia.close();
	});

	test('tells how earlier ones were decided, and how their runs went on', async () => {
		const done = await writeOff('earlier', 1);
		const earlier = await signalbox.as().approvalOf(done);
		const data = { account: 'theft', units: 1 };
		await signalbox.as(PIA).decide(earlier, { approved: true, reason: 'seen', data });
		await signalbox.as().runEnded(done);
		const approval = await signalbox.as().approvalOf(await writeOff('later', 2));
		const socket = await open(VERA);
		const view = Watching.whole(socket, { kind: 'approval', id: approval.id });
		const { precedent } = await view.until(
			(change) => change.precedent.afterApproval.byOutcome.completed === 1
		);
		expect(precedent.earlier[0]).toMatchObject({
			id: earlier.id,
			status: 'approved',
			by: 'pia',
			reason: 'seen',
			outcome: 'completed'
		});
		expect(precedent.afterRejection.runs).toBe(0);
		await socket.close();
	});
});

describe('a write-off', () => {
	test('of much takes two people, and books the least that they agree on', async () => {
		const run = await writeOff('costly', 60);
		const approval = await signalbox.as().approvalOf(run);
		expect(approval).toMatchObject({ quorum: 2, severity: 'high', facts: { amount: 1200 } });
		const decide = (person: string, units: number) =>
			signalbox.as(person).decide(approval, { approved: true, data: { account: 'damage', units } });
		expect((await decide(PIA, 60)).status).toBe(200);
		expect((await decide(FAY, 50)).status).toBe(200);
		expect(await signalbox.as().runEnded(run)).toMatchObject({
			outcome: 'completed',
			output: { product: 'Teapot', units: 50, value: 1000, approvedBy: ['pia', 'fay'] }
		});
	});

	test('that nobody decides is rejected in time', async () => {
		const run = await writeOff('slow', 1, { decideWithin: '1 second' });
		expect(await signalbox.as().runEnded(run)).toMatchObject({ outcome: 'rejected' });
	});
});
