// One request as a page looks at it: who else does, what earlier ones tell.
import { describe, expect, test } from 'vitest';
import { PIA, VERA } from './support/people';
import { useSignalbox } from './support/signalbox';
import { Watching } from './support/watching';

const signalbox = useSignalbox();

const gated = (id: string) =>
	signalbox.as('otto:operator').start({ workflow: 'GATED', id, params: { gates: [{}] } });
const open = (as: string) => signalbox.connect('operations-agent/main', { as, sdk: true });

describe('one approval', () => {
	test('shows who else looks at it, until they look away', async () => {
		const approval = await signalbox.as().approvalOf(await gated('looked-at'));
		const view = { kind: 'approval', id: approval.id } as const;
		const [pia, vera] = await Promise.all([open(PIA), open(VERA)]);
		const first = Watching.whole(pia, view);
		expect(await first.until(() => true)).toMatchObject({
			approval: { id: approval.id, title: 'Gate 1' },
			run: { workflow: 'GATED', id: 'looked-at' },
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
		const done = await gated('earlier');
		const earlier = await signalbox.as().approvalOf(done);
		await signalbox.as(PIA).decide(earlier, { approved: true, reason: 'seen' });
		await signalbox.as().runEnded(done);
		const approval = await signalbox.as().approvalOf(await gated('later'));
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
