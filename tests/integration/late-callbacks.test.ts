// A callback can come late or twice. What a run said last is what is shown, by the run's own clock.
import { expect, test } from 'vitest';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();

const FOLLOW_UP = { message: 'Call back', after: '1 second' };

function progressOf(id: string, timestamp: number, stage: string) {
	const progress = { stage, dueAt: 0 };
	return {
		...{ workflowName: 'FOLLOW_UP', workflowId: id, type: 'progress' as const },
		...{ progress, timestamp }
	};
}

test('progress that comes after later progress is not shown', async () => {
	const run = await signalbox.as().start({ workflow: 'FOLLOW_UP', params: FOLLOW_UP, id: 'late' });
	const { progress } = await signalbox.as().runEnded(run);
	expect(progress).toMatchObject({ stage: 'done' });

	const agent = await signalbox.agent('berlin');
	await agent.onWorkflowCallback(progressOf(run.id, Date.now() - 60_000, 'asleep'));
	expect((await signalbox.as().run(run)).progress).toEqual(progress);
});

test('progress of the former generation is not shown in the next', async () => {
	const params = { taskId: 't', items: [] };
	const run = await signalbox
		.as()
		.start({ workflow: 'PROCESSING_WORKFLOW', params, id: 'formerly' });
	const before = await signalbox.as().approvalOf(run);
	const agent = await signalbox.agent('berlin');
	const said = {
		...{ workflowName: run.workflow, workflowId: run.id, type: 'progress' as const },
		...{ progress: { message: 'from before' }, timestamp: Date.now() }
	};
	await agent.onWorkflowCallback(said);
	expect((await signalbox.as().run(run)).progress).toEqual(said.progress);

	await signalbox.as().post(`/runs/${run.workflow}/${run.id}/restart`);
	await signalbox.as().approvalOf(run, before.id);
	await agent.onWorkflowCallback(said);
	expect((await signalbox.as().run(run)).progress).toMatchObject({ step: 'approval' });
});
