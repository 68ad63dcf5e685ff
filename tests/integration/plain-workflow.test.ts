// A workflow that never heard of Signalbox, and runs inside sub-agents: what is shown is what the
// engine did.
import { describe, expect, test } from 'vitest';
import { isSdkStep, type Run } from '../../src/lib/protocol';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();

describe('a workflow written without a thought of Signalbox', () => {
	const input = {
		workflow: 'PROCESSING_WORKFLOW',
		params: { taskId: 'task-7', items: ['one', 'three', 'five'] },
		id: 'plain'
	};

	test('shows its steps, its progress and its wait as an approval', async () => {
		const run = await signalbox.as().start(input);
		expect(run.metadata).toEqual({ taskId: 'task-7' });
		const approval = await signalbox.as().approvalOf(run);
		expect(approval).toMatchObject({
			step: 'wait-for-approval',
			eventType: 'approval',
			title: 'Waiting for somebody to approve the result',
			facts: { taskId: 'task-7', items: ['one', 'three', 'five'], percent: 0.75 },
			requestedAt: expect.any(Number)
		});
		const waiting = await signalbox.as().run(run);
		expect(waiting).toMatchObject({
			status: 'waiting',
			step: 'wait-for-approval',
			progress: { step: 'approval', status: 'pending', percent: 0.75 },
			waitingFor: { kind: 'event', name: 'wait-for-approval', since: approval.requestedAt }
		});
		const { events } = await signalbox.as().events(run);
		const steps = events.flatMap((event) =>
			event.type === 'step_completed' && !isSdkStep(String(event['stepName']))
				? [String(event['stepName'])]
				: []
		);
		expect(steps).toEqual(['process-item-1-1', 'process-item-2-1', 'process-item-3-1']);
	});

	test('shows its end, and a history that equals the engine’s own', async () => {
		const run = { workflow: input.workflow, id: input.id };
		const approval = await signalbox.as().approvalOf(run);
		await signalbox.as('Rita:approver').decide(approval, { approved: true });
		const ended = await signalbox.as().runEnded(run);
		expect(ended).toMatchObject({
			status: 'complete',
			outcome: 'completed',
			step: null,
			output: { taskId: 'task-7', characters: 12, approvedBy: 'Rita' }
		});
		const { events, done } = await signalbox.as().events(run);
		expect(done).toBe(true);
		expect(events).toEqual(await signalbox.engine.history(run));
		expect(JSON.stringify(events)).not.toMatch(/__agentName|__workflowName/);
		expect(ended.finishedAt).toBe(events.at(-1)?.timestamp);
	});

	test('is never shown with the keys that the SDK adds to its params', async () => {
		const run = await signalbox.as().run({ workflow: input.workflow, id: input.id });
		expect(run.params).toEqual(input.params);
	});
});

describe('a workflow that starts others in sub-agents', () => {
	const children = async (run: Run): Promise<Run[]> => {
		const { body } = await signalbox
			.as()
			.get(`/runs?q=${encodeURIComponent(`parent:${run.workflow}/${run.id}`)}&order=created:asc`);
		return (body as { runs: Run[] }).runs; // as the API describes it
	};

	test('parent and children know each other, and each its Agent', async () => {
		const run = await signalbox.as().start({
			workflow: 'STOCK_COUNT',
			params: { aisles: ['dairy', 'produce'] },
			agent: 'store-agent/austin',
			id: 'count'
		});
		const ended = await signalbox.as().runEnded(run);
		expect(ended).toMatchObject({
			outcome: 'completed',
			parent: null,
			agent: { path: 'store-agent/austin' },
			output: { counted: [{ aisle: 'dairy' }, { aisle: 'produce' }] }
		});
		const found = await children(run);
		expect(found.map(({ id, agent }) => [id, agent])).toEqual([
			[
				'count_dairy',
				{
					class: 'AisleAgent',
					name: 'dairy',
					path: 'store-agent/austin/sub/aisle-agent/dairy'
				}
			],
			[
				'count_produce',
				{
					class: 'AisleAgent',
					name: 'produce',
					path: 'store-agent/austin/sub/aisle-agent/produce'
				}
			]
		]);
		for (const child of found) {
			expect(child.parent).toEqual({ workflow: 'STOCK_COUNT', id: 'count' });
			const read = await signalbox.as().runEnded(child);
			expect(read).toMatchObject({ status: 'complete', workflow: 'AISLE_COUNT' });
			const { events } = await signalbox.as().events(child);
			expect(events).toEqual(await signalbox.engine.history(child));
		}
		const units = found.map(({ output }) => (output as { units: number }).units); // as its workflow reports
		expect(ended.output).toMatchObject({ units: units.reduce((sum, each) => sum + each, 0) });
	});

	test('a run can be started in a sub-agent and controlled there', async () => {
		const run = await signalbox.as().start({
			workflow: 'AISLE_COUNT',
			params: { aisle: 'bakery' },
			agent: 'store-agent/austin/sub/aisle-agent/bakery',
			id: 'by-hand'
		});
		expect(run.agent.path).toBe('store-agent/austin/sub/aisle-agent/bakery');
		expect(run.parent).toBeNull();
		const ended = await signalbox.as().post('/runs/AISLE_COUNT/by-hand/terminate');
		expect(ended.body).toMatchObject({ status: 'terminated' });
	});
});
