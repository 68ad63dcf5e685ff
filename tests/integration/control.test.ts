import { describe, expect, test } from 'vitest';
import { runSchema, type Run, type RunRef } from '../../src/lib/protocol';
import { ADA, OTTO } from './support/people';
import { problemOf, type Reply } from './support/person';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();

const asleep = async (id: string): Promise<Run> => {
	const run = await signalbox.as(OTTO).start({
		workflow: 'FOLLOW_UP',
		params: { message: 'Call back', after: '1 hour' },
		id
	});
	return signalbox.as().runWhen(run, ({ waitingFor }) => waitingFor?.kind === 'sleep');
};
const control = (action: string, { workflow, id }: RunRef, body: unknown = {}): Promise<Reply> =>
	signalbox.as(OTTO).post(`/runs/${workflow}/${id}/${action}`, body);

async function done(reply: Promise<Reply>): Promise<Run> {
	const { status, body } = await reply;
	expect(status, JSON.stringify(body)).toBe(200);
	return runSchema.parse(body);
}

const engineStatus = async (run: RunRef) =>
	(await (await signalbox.engine.instance(run)).status()).status;

describe('pause and resume', () => {
	test('a run stops and goes on, here as in the engine', async () => {
		const run = await asleep('stopped');
		const answered = await done(control('pause', run));
		expect(['waitingForPause', 'paused']).toContain(answered.status);
		await signalbox.as().runWhen(run, ({ status }) => status === 'paused');
		expect(await engineStatus(run)).toBe('paused');

		const { detail } = problemOf(await control('pause', run), 409, 'wrong-state');
		expect(detail).toBe('The run is paused, so it cannot be paused.');

		await done(control('resume', run));
		const awake = await signalbox.as().runWhen(run, ({ status }) => status === 'waiting');
		expect(awake.waitingFor).toMatchObject({ kind: 'sleep', name: 'sleep-until-due' });
		problemOf(await control('resume', run), 409, 'wrong-state');
	});
});

describe('terminate', () => {
	test('ends the run at once, and nothing but a restart can follow', async () => {
		const run = await asleep('ended');
		expect(await done(control('terminate', run))).toMatchObject({
			status: 'terminated',
			outcome: 'terminated',
			waitingFor: null
		});
		expect(await engineStatus(run)).toBe('terminated');
		for (const action of ['pause', 'resume', 'terminate']) {
			const { detail } = problemOf(await control(action, run), 409, 'wrong-state');
			expect(detail).toBe(`The run is terminated, so it cannot be ${action}d.`);
		}
		const event = await control('events', run, { type: 'parcel-arrived' });
		problemOf(event, 409, 'not-waiting');
	});

	test('two at once end it once', async () => {
		const run = await asleep('ended-twice');
		const replies = await Promise.all([control('terminate', run), control('terminate', run)]);
		expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 409]);
		const { events } = await signalbox.as().events(run);
		expect(events.filter(({ type }) => type === 'workflow_terminated')).toHaveLength(1);
	});
});

describe('restart', () => {
	const params = { order: 'ORD-1', amount: 12, currency: 'EUR', reason: 'x', requestedBy: 'ana' };

	test('begins a new generation and keeps the former history readable', async () => {
		const run = await signalbox.as().start({ workflow: 'REFUND', params, id: 'again' });
		const first = await signalbox.as().runEnded(run);
		const former = await signalbox.as().events(run);

		expect(await done(control('restart', run))).toMatchObject({ generation: 2 });
		const second = await signalbox
			.as()
			.runWhen(run, ({ generation, finishedAt }) => generation === 2 && finishedAt !== null);
		expect(second).toMatchObject({ status: 'complete', outcome: 'completed', params });
		expect(second.startedAt).toBeGreaterThanOrEqual(first.finishedAt ?? 0);

		const later = await signalbox.as().events(run);
		expect(later.events).toEqual(await signalbox.engine.history(run));
		expect(later).not.toEqual(former);
		expect(await signalbox.as().events(run, '?generation=2')).toEqual(later);
		expect(await signalbox.as().events(run, '?generation=1')).toEqual(former);
	});

	test('of a run that is not ended begins it anew', async () => {
		const run = await asleep('anew');
		expect((await done(control('restart', run))).generation).toBe(2);
		const anew = await signalbox
			.as()
			.runWhen(run, ({ generation, waitingFor }) => generation === 2 && waitingFor !== null);
		expect(anew.waitingFor?.since).toBeGreaterThan(run.waitingFor?.since ?? Infinity);
		const former = await signalbox.as().events(run, '?generation=1');
		expect(former.done).toBe(true);
		expect(former.events.some(({ type }) => type === 'sleep_started')).toBe(true);
		expect(await done(control('terminate', run))).toMatchObject({ generation: 2 });
	});

	test('from a step keeps what came before it', async () => {
		const run = await signalbox.as().start({
			workflow: 'PROCESSING_WORKFLOW',
			params: { taskId: 't', items: ['one', 'two', 'three'] },
			id: 'from-a-step'
		});
		await signalbox.as().decide(await signalbox.as().approvalOf(run), { approved: true });
		await signalbox.as().runEnded(run);
		await done(control('restart', run, { from: { name: 'process-item-3' } }));
		await signalbox.as().approvalOf(run);
		const { events } = await signalbox.as().events(run);
		const completed = events.flatMap((event) =>
			event.type === 'step_completed' ? [String(event['stepName'])] : []
		);
		expect(completed).toEqual(
			expect.arrayContaining(['process-item-1-1', 'process-item-2-1', 'process-item-3-1'])
		);
		const former = await signalbox.as().events(run, '?generation=1');
		const timeOf = (list: typeof events, step: string) =>
			list.find((event) => event.type === 'step_completed' && event['stepName'] === step)
				?.timestamp;
		expect(timeOf(events, 'process-item-1-1')).toBe(timeOf(former.events, 'process-item-1-1'));
		expect(timeOf(events, 'process-item-3-1')).toBeGreaterThan(
			timeOf(former.events, 'process-item-3-1') ?? Infinity
		);
		expect(await signalbox.as().run(run)).toMatchObject({ generation: 2, status: 'waiting' });
	});

	test('from a step that the history does not have is refused', async () => {
		const run = await signalbox.as().start({ workflow: 'REFUND', params, id: 'no-such-step' });
		const before = await signalbox.as().runEnded(run);
		const reply = await control('restart', run, { from: { name: 'no-such-step' } });
		problemOf(reply, 409, 'wrong-state');
		expect(await signalbox.as().run(run)).toEqual(before);
	});
});

describe('delete', () => {
	test('only of a run that has ended; then it says who deleted it and when', async () => {
		const run = await asleep('to-delete');
		const tooSoon = await signalbox.as(ADA).delete(`/runs/FOLLOW_UP/${run.id}`);
		problemOf(tooSoon, 409, 'wrong-state');
		expect(await signalbox.as().run(run)).toEqual(run);

		await done(control('terminate', run));
		const before = new Date();
		expect((await signalbox.as(ADA).delete(`/runs/FOLLOW_UP/${run.id}`)).status).toBe(204);
		for (const path of ['', '/events']) {
			const gone = await signalbox.as().get(`/runs/FOLLOW_UP/${run.id}${path}`);
			const { detail } = problemOf(gone, 404, 'unknown-run');
			const [, at = ''] = /was deleted by ada at (\S+)\.$/.exec(detail) ?? [];
			expect(Date.parse(at)).toBeGreaterThanOrEqual(before.getTime());
		}
		problemOf(await control('restart', run), 404, 'unknown-run');
	});
});
