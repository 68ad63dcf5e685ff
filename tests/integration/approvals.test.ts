// A decision is taken for one open wait, once. The SDK alone would let a second click open the
// next gate.
import { describe, expect, test } from 'vitest';
import { approvalPageSchema, approvalSchema, type Run, type RunRef } from '../../src/lib/protocol';
import { eventually } from './support/eventually';
import { EVE, PIA } from './support/people';
import { problemOf } from './support/person';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();

const atTwoGates = (id: string): Promise<Run> =>
	signalbox.as().start({ workflow: 'TWO_GATES', params: { subject: 'a parcel' }, id });

/** Which gates a run has passed. */
async function passed(run: RunRef): Promise<string[]> {
	const { events } = await signalbox.as().events(run);
	return events.flatMap((event) =>
		event.type === 'step_completed' && /pass-\w+-gate/.test(String(event['stepName']))
			? [String(event['stepName'])]
			: []
	);
}

describe('two gates in a row', () => {
	test('of two decisions at once one is taken, the other is told who was first', async () => {
		const run = await atTwoGates('twice');
		const gate = await signalbox.as().approvalOf(run);
		const before = Date.now();
		const replies = await Promise.all([
			signalbox.as(PIA).decide(gate, { approved: true }),
			signalbox.as(EVE).decide(gate, { approved: true })
		]);
		const [taken, refused] = replies[0].status === 200 ? replies : replies.toReversed();
		if (!taken || !refused) throw new Error('two were sent');
		const { decisions } = approvalSchema.parse(taken.body);
		expect(decisions).toHaveLength(1);
		const first = decisions[0];
		expect(['pia', 'eve']).toContain(first?.by);
		expect(first?.at).toBeGreaterThanOrEqual(before);

		const problem = problemOf(refused, 409, 'already-decided');
		expect(problem['decision']).toEqual(first);
		expect(problem.detail).toContain(`by ${first?.by} at `);
		expect(problem.detail).toContain(new Date(first?.at ?? 0).toISOString());

		const second = await signalbox.as().approvalOf(run, gate.id);
		expect(second).toMatchObject({ status: 'pending', decisions: [] });
		expect(await passed(run)).toEqual(['pass-first-gate-1']);
	});

	test('a decision for the first gate never opens the second', async () => {
		const run = await atTwoGates('again');
		const gate = await signalbox.as().approvalOf(run);
		expect((await signalbox.as().decide(gate, { approved: true })).status).toBe(200);
		const second = await signalbox.as().approvalOf(run, gate.id);
		problemOf(await signalbox.as().decide(gate, { approved: true }), 409, 'already-decided');
		expect(await signalbox.as().pending(run)).toEqual([second]);

		expect((await signalbox.as().decide(second, { approved: true })).status).toBe(200);
		expect(await signalbox.as().runEnded(run)).toMatchObject({ outcome: 'completed' });
		expect(await passed(run)).toEqual(['pass-first-gate-1', 'pass-second-gate-1']);
		problemOf(await signalbox.as().decide(second, { approved: true }), 409, 'already-decided');
	});

	test('an Agent that approves twice in a row passes one gate', async () => {
		const run = await atTwoGates('by-code');
		const gate = await signalbox.as().approvalOf(run);
		const agent = await signalbox.agent('berlin');
		const both = await agent.approveTwice(run.id);
		expect(both.toSorted()).toEqual([
			expect.stringMatching(/Already approved by agent:store-agent\/berlin/),
			'approved'
		]);
		const second = await signalbox.as().approvalOf(run, gate.id);
		expect(second.status).toBe('pending');
		expect(await passed(run)).toEqual(['pass-first-gate-1']);
		const decided = await signalbox.as().get(`/approvals/${gate.id}`);
		expect(decided.body).toMatchObject({
			status: 'approved',
			decisions: [{ by: 'agent:store-agent/berlin' }]
		});
	});

	test('an Agent’s own call delivers what the SDK would, and the record names the Agent', async () => {
		const metadata = { approvedBy: 'user-77', level: 3, nested: { note: null } };
		const approved = await atTwoGates('own-call');
		const gate = await signalbox.as().approvalOf(approved);
		const agent = await signalbox.agent('berlin');
		await agent.approveWorkflow(approved.id, { reason: 'Looks good', metadata });
		const second = await signalbox.as().approvalOf(approved, gate.id);
		await signalbox.as().decide(second, { approved: true });
		const ended = await signalbox.as().runEnded(approved);
		expect(ended.output).toMatchObject({ firstMetadata: metadata });
		const { body } = await signalbox.as().get(`/approvals/${gate.id}`);
		expect(body).toMatchObject({
			decisions: [
				{
					...{ by: 'agent:store-agent/berlin', reason: 'Looks good', from: { via: 'agent' } },
					payload: { approved: true, reason: 'Looks good', metadata }
				}
			]
		});

		const rejected = await atTwoGates('own-rejection');
		await signalbox.as().approvalOf(rejected);
		await agent.rejectWorkflow(rejected.id);
		const { error } = await signalbox.as().runEnded(rejected);
		expect(error?.message).toBe('Workflow rejected');
	});

	test('an Agent that approves before there is a gate opens the next one, and only that', async () => {
		const run = { workflow: 'TWO_GATES', id: 'too-soon' };
		const agent = await signalbox.agent('berlin');
		expect(await agent.approveTooSoon(run.id)).toBe('approved');
		await eventually(
			() => passed(run),
			(gates) => gates.length > 0
		);
		const second = await signalbox.as().approvalOf(run);
		expect(await passed(run)).toEqual(['pass-first-gate-1']);
		expect(second.status).toBe('pending');
		const { body } = await signalbox
			.as()
			.get('/approvals?status=approved&workflow=TWO_GATES&limit=100');
		const { approvals } = approvalPageSchema.parse(body);
		expect(approvals.find(({ runId }) => runId === run.id)?.decisions).toMatchObject([
			{ by: 'agent:store-agent/berlin', approved: true, from: { via: 'agent' } }
		]);
	});
});

describe('an approval whose run has ended otherwise', () => {
	test('is cancelled when the run is terminated, and a decision is refused', async () => {
		const run = await atTwoGates('terminated');
		const gate = await signalbox.as().approvalOf(run);
		expect((await signalbox.as().post(`/runs/TWO_GATES/${run.id}/terminate`)).status).toBe(200);
		const late = await signalbox.as().decide(gate, { approved: true });
		expect(problemOf(late, 409, 'not-waiting').detail).toMatch(/ended/);
		const { body } = await signalbox.as().get(`/approvals/${gate.id}`);
		expect(body).toMatchObject({ status: 'cancelled', decisions: [] });
	});

	test('is cancelled when the run is restarted: the new wait has an approval of its own', async () => {
		const run = await atTwoGates('restarted');
		const gate = await signalbox.as().approvalOf(run);
		expect((await signalbox.as().post(`/runs/TWO_GATES/${run.id}/restart`)).status).toBe(200);
		problemOf(await signalbox.as().decide(gate, { approved: true }), 409, 'not-waiting');
		expect(await signalbox.as().approvalOf(run, gate.id)).toMatchObject({ generation: 2 });
		expect(await passed(run)).toEqual([]);
	});
});

describe('a rejection', () => {
	test('needs a reason', async () => {
		const run = await atTwoGates('unreasoned');
		const gate = await signalbox.as().approvalOf(run);
		problemOf(await signalbox.as().decide(gate, { approved: false }), 400, 'invalid-input');
		expect(await signalbox.as().pending(run)).toEqual([gate]);
	});

	test('ends the run as rejected, not as failed', async () => {
		const run = await atTwoGates('rejected');
		const gate = await signalbox.as().approvalOf(run);
		const reply = await signalbox.as(PIA).decide(gate, { approved: false, reason: 'damaged' });
		expect(reply.body).toMatchObject({
			status: 'rejected',
			decisions: [{ by: 'pia', approved: false, reason: 'damaged' }]
		});
		expect(await signalbox.as().runEnded(run)).toMatchObject({
			status: 'errored',
			outcome: 'rejected',
			error: { name: 'WorkflowRejectedError', message: expect.stringContaining('damaged') }
		});
		const found = await signalbox.as().get('/runs?q=is:rejected%20id:rejected');
		expect(found.body).toMatchObject({ runs: [{ id: 'rejected' }], total: 1 });
	});
});

describe('past the approval', () => {
	test('an event of its type is refused and says where to decide', async () => {
		const run = await atTwoGates('around');
		const gate = await signalbox.as().approvalOf(run);
		const event = { type: 'approval', payload: { approved: true } };
		const reply = await signalbox.as().post(`/runs/TWO_GATES/${run.id}/events`, event);
		expect(problemOf(reply, 409, 'wrong-state').detail).toContain('/decision');
		expect(await signalbox.as().pending(run)).toEqual([gate]);
		expect(await passed(run)).toEqual([]);
	});

	test('a decision while the run is paused is kept, and taken when it is resumed', async () => {
		const run = await atTwoGates('paused');
		const gate = await signalbox.as().approvalOf(run);
		await signalbox.as().post(`/runs/TWO_GATES/${run.id}/pause`);
		await signalbox.as().runWhen(run, ({ status }) => status === 'paused');
		expect((await signalbox.as().decide(gate, { approved: true })).status).toBe(200);
		problemOf(await signalbox.as().decide(gate, { approved: true }), 409, 'already-decided');
		await signalbox.as().post(`/runs/TWO_GATES/${run.id}/resume`);
		const second = await signalbox.as().approvalOf(run, gate.id);
		expect(second.status).toBe('pending');
		expect(await passed(run)).toEqual(['pass-first-gate-1']);
	});
});
