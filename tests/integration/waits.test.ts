// Which waits are approvals, and what becomes of those that an Agent's own code decides.
import { describe, expect, test } from 'vitest';
import { approvalSchema, auditEntrySchema, type Approval, type Run } from '../../src/lib/protocol';
import { eventually } from './support/eventually';
import { problemOf } from './support/person';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();

type Wait = { name: string; type: string; progress?: Record<string, unknown> };

async function start(id: string, ...waits: Wait[]): Promise<Run> {
	const run = await signalbox.as().start({ workflow: 'WAITS', id, params: { waits } });
	return signalbox
		.as()
		.runWhen(run, ({ status, finishedAt }) => status === 'waiting' || finishedAt !== null);
}

async function approvalsOf({ id }: Run): Promise<Approval[]> {
	const { body } = await signalbox.as().get('/approvals?workflow=WAITS&limit=100');
	const { approvals } = body as { approvals: unknown[] };
	return approvals
		.map((approval) => approvalSchema.parse(approval))
		.filter(({ runId }) => runId === id);
}

async function audited(action: string, runId: string) {
	const { body } = await signalbox.as().get(`/audit?action=${action}&limit=100`);
	return auditEntrySchema
		.array()
		.parse((body as { entries: unknown }).entries)
		.filter(({ target, detail }) =>
			`${target} ${JSON.stringify(detail)}`.split(/[^\w-]/).includes(runId)
		);
}

describe('a wait', () => {
	test('whose names only contain "approval" is none: an operator can answer it', async () => {
		const run = await start('data', { name: 'fetch-approval-data', type: 'approval-data' });
		expect(await approvalsOf(run)).toEqual([]);
		const event = { type: 'approval-data', payload: { rows: [1, null] } };
		const reply = await signalbox.as('oli:operator').post(`/runs/WAITS/${run.id}/events`, event);
		expect(reply.status, JSON.stringify(reply.body)).toBe(200);
		const ended = await signalbox.as().runEnded(run);
		expect(ended.output).toEqual({ received: ['{"rows":[1,null]}'] });
	});

	test('for an event type of the catalogue entry is an approval like any other', async () => {
		const run = await start('signed', { name: 'wait', type: 'sign-off' });
		const gate = await signalbox.as().approvalOf(run);
		const { body } = await signalbox.as().get('/runs?q=is:approval+workflow:WAITS');
		expect(body).toMatchObject({ runs: [{ id: 'signed' }] });
		const event = { type: 'sign-off', payload: { approved: true } };
		for (const person of ['oli:operator', 'eve:admin,operator']) {
			const sent = await signalbox.as(person).post(`/runs/WAITS/${run.id}/events`, event);
			problemOf(sent, 409, 'wrong-state');
		}
		await signalbox.as('pia:approver').decide(gate, { approved: true });
		const { output } = await signalbox.as().runEnded(run);
		expect(output).toEqual({ received: [expect.stringContaining('"approved":true')] });
	});
});

describe('a decision that an Agent’s own code sends as an event', () => {
	test.each([
		['rejected', { approved: false, reason: 'No stock' }],
		['approved', { approved: true }]
	])('is recorded as %s, under the name of the Agent', async (status, payload) => {
		const run = await start(`sent-${status}`, { name: 'wait', type: 'approval' });
		const gate = await signalbox.as().approvalOf(run);
		const agent = await signalbox.agent('berlin');
		await agent.sendWorkflowEvent('WAITS', run.id, { type: 'approval', payload });
		await signalbox.as().runEnded(run);
		const [closed] = await approvalsOf(run);
		expect(closed).toMatchObject({
			...{ id: gate.id, status },
			decisions: [{ by: 'agent:store-agent/berlin', approved: status === 'approved', payload }]
		});
		expect(await audited('approval.decide', run.id)).toMatchObject([
			{ by: 'agent:store-agent/berlin', result: 'done' }
		]);
	});

	test.each([
		['says neither', 'odd', { verdict: 'maybe' }],
		['is no object', 'text', 'yes']
	])('and %s is decided outside Signalbox', async (_what, id, payload) => {
		const run = await start(id, { name: 'wait', type: 'approval' });
		await signalbox.as().approvalOf(run);
		const agent = await signalbox.agent('berlin');
		await agent.sendWorkflowEvent('WAITS', run.id, { type: 'approval', payload });
		await signalbox.as().runEnded(run);
		expect(await approvalsOf(run)).toMatchObject([{ status: 'decided-outside', decisions: [] }]);
	});

	test('past the Agent, its payload is unknown: decided outside Signalbox', async () => {
		const run = await start('past', { name: 'wait', type: 'approval' });
		const gate = await signalbox.as().approvalOf(run);
		const instance = await signalbox.engine.instance(run);
		await instance.sendEvent({ type: 'approval', payload: { approved: false } });
		await signalbox.as().runEnded(run);
		expect(await approvalsOf(run)).toMatchObject([{ status: 'decided-outside', decisions: [] }]);
		problemOf(await signalbox.as().decide(gate, { approved: true }), 409, 'already-decided');
	});
});

describe('an Agent that decides by rule while a workflow reports progress', () => {
	const gate = (name: string, decides: string[]): Wait => ({
		...{ name, type: 'approval' },
		progress: { message: name, decides }
	});

	test('opens the gate that follows, and each decision opens its own', async () => {
		const run = await start(
			'by-rule',
			gate('first', ['approve']),
			gate('second', ['reject']),
			gate('third', ['approve'])
		);
		const { output } = await signalbox.as().runEnded(run);
		const { received } = output as { received: string[] };
		expect(received.map((text) => JSON.parse(text))).toMatchObject([
			{ approved: true, reason: 'By rule' },
			{ approved: false },
			{ approved: true }
		]);
		const approvals = await approvalsOf(run);
		expect(approvals.map(({ status }) => status).toSorted()).toEqual([
			'approved',
			'approved',
			'rejected'
		]);
	});

	test('keeps the second of two decisions, with a warning in the audit', async () => {
		const run = await start('twice', gate('only', ['approve', 'reject']));
		const { output } = await signalbox.as().runEnded(run);
		expect(output).toEqual({ received: [expect.stringContaining('"approved":false')] });
		await eventually(
			() => audited('approval.early-replaced', run.id),
			(entries) => entries.length === 1
		);
	});

	test('opens no second gate with one decision', async () => {
		const run = await start('once', gate('first', ['approve']), gate('second', []));
		const waiting = await signalbox.as().runWhen(run, ({ step }) => step === 'second');
		expect(waiting.status).toBe('waiting');
		const pending = await signalbox.as().approvalOf(run);
		expect(pending).toMatchObject({ step: 'second', status: 'pending', decisions: [] });
	});
});
