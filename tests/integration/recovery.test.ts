// Agents lose their memory at any time: for want of work, or because the machine goes. What they
// wrote down, and what the engine did meanwhile, is all found again.
import { describe, expect, test } from 'vitest';
import { isEnded, runPageSchema, type Run, type RunRef } from '../../src/lib/protocol';
import { eventually } from './support/eventually';
import { EVE } from './support/people';
import { problemOf } from './support/person';
import { useSignalbox } from './support/signalbox';
import { Watching } from './support/watching';

const signalbox = useSignalbox();

/** What the index says of a run; its Agent is not asked. */
async function indexed({ workflow, id }: RunRef): Promise<Run | undefined> {
	const q = encodeURIComponent(`workflow:${workflow} id:${id}`);
	const { body } = await signalbox.as().get(`/runs?q=${q}`);
	return runPageSchema.parse(body).runs[0];
}

const indexedAs = (ref: RunRef, test: (run: Run) => boolean) =>
	eventually(
		() => indexed(ref),
		(run) => run !== undefined && test(run)
	);

async function equalsTheEngine(ref: RunRef): Promise<void> {
	const { events, done } = await signalbox.as().events(ref);
	expect(done).toBe(true);
	expect(events).toEqual(await signalbox.engine.history(ref));
}

const quiet = (id: string, agent: string, sleep = '2 seconds') =>
	signalbox.as().start({ workflow: 'QUIET', params: { sleep }, agent, id });
const sleeps = ({ waitingFor }: Run) => waitingFor?.kind === 'sleep';

describe('a store’s Agent', () => {
	test('evicted under an open websocket goes on talking over it', async () => {
		const socket = await signalbox.connect('store-agent/berlin', { as: EVE });
		await socket.ofType('connected');
		const first = await signalbox.as().start({
			workflow: 'REFUND',
			params: { order: 'o', amount: 5, currency: 'EUR', reason: 'x', requestedBy: 'ana' }
		});
		await signalbox.as().runEnded(first);
		await signalbox.evict('StoreAgent', 'berlin');

		const run = await signalbox.as().start({
			workflow: 'PROCESSING_WORKFLOW',
			params: { taskId: 'after', items: [] },
			id: 'after'
		});
		expect((await socket.ofType('task-processed')).json).toMatchObject({ taskId: 'after' });
		socket.send({ type: 'status', id: run.id });
		expect((await socket.ofType('workflow_status')).json).toMatchObject({ id: run.id });
		expect(socket.closed).toBeNull();
		await equalsTheEngine(first);
		await socket.close();
	});

	test('that crashed while a run slept wakes by itself when it is due', async () => {
		const run = await quiet('asleep', 'store-agent/austin');
		await indexedAs(run, sleeps);
		await signalbox.crash('austin');
		const awake = await indexedAs(run, ({ waitingFor }) => waitingFor?.kind === 'event');
		expect(awake).toMatchObject({ status: 'waiting', step: 'wait-for-approval' });
		const gate = await signalbox.as().approvalOf(run);
		await signalbox.as().decide(gate, { approved: true });
		expect(await indexedAs(run, ({ status }) => isEnded(status))).toMatchObject({
			status: 'complete',
			outcome: 'completed',
			output: { before: expect.any(Number), after: expect.any(Number) }
		});
		await equalsTheEngine(run);
	});

	test('that crashes again and again loses no event of many runs', async () => {
		const runs = await Promise.all(
			Array.from({ length: 8 }, (_, index) =>
				quiet(`many-${index}`, 'store-agent/oslo', `${1 + (index % 3)} seconds`)
			)
		);
		for (const run of runs.slice(0, 3)) {
			await indexedAs(run, ({ waitingFor }) => waitingFor !== null);
			await signalbox.crash('oslo');
		}
		for (const run of runs) {
			await signalbox.as().decide(await signalbox.as().approvalOf(run), { approved: true });
		}
		for (const run of runs) {
			const ended = await indexedAs(run, ({ status }) => isEnded(status));
			expect(ended).toEqual(await signalbox.as().run(run));
			expect(ended).toMatchObject({ outcome: 'completed', generation: 1 });
			await equalsTheEngine(run);
		}
	});

	test('that crashed right after a decision has delivered it, once', async () => {
		const run = await quiet('decided', 'store-agent/lisbon', '1 second');
		const gate = await signalbox.as().approvalOf(run);
		expect((await signalbox.as().decide(gate, { approved: true })).status).toBe(200);
		await signalbox.crash('lisbon');
		expect(await indexedAs(run, ({ status }) => isEnded(status))).toMatchObject({
			outcome: 'completed'
		});
		problemOf(await signalbox.as().decide(gate, { approved: true }), 409, 'already-decided');
		await equalsTheEngine(run);
		const { events } = await signalbox.as().events(run);
		expect(events.filter(({ type }) => type === 'wait_completed')).toHaveLength(1);
	});

	test('that crashed still refuses a decision that was taken before', async () => {
		const run = await signalbox.as().start({
			workflow: 'TWO_GATES',
			params: { subject: 'a parcel' },
			agent: 'store-agent/lisbon',
			id: 'refused'
		});
		const gate = await signalbox.as().approvalOf(run);
		await signalbox.as().decide(gate, { approved: true });
		const second = await signalbox.as().approvalOf(run, gate.id);
		await signalbox.crash('lisbon');
		problemOf(await signalbox.as().decide(gate, { approved: true }), 409, 'already-decided');
		expect(await signalbox.as().pending(run)).toEqual([second]);
	});
});

describe('the Operations agent', () => {
	test('evicted while Agents report catches up with all of them', async () => {
		const open = await signalbox.connect('operations-agent/main', { as: EVE, sdk: true });
		const watching = Watching.runs(open, { q: 'workflow:AISLE_COUNT agent:*tokyo*', limit: 100 });
		await watching.until(() => true);
		const aisles = Array.from({ length: 6 }, (_, index) => `aisle-${index + 1}`);
		const run = await signalbox.as().start({
			workflow: 'STOCK_COUNT',
			params: { aisles },
			agent: 'store-agent/tokyo',
			id: 'evicted-above'
		});
		for (const counted of [1, 2, 3]) {
			await signalbox.evict('OperationsAgent', 'main');
			// Asking wakes it, as the next report would.
			await indexedAs({ workflow: 'AISLE_COUNT', id: `evicted-above_aisle-${counted}` }, Boolean);
		}
		await indexedAs(run, ({ status }) => isEnded(status));
		const children = aisles.map((aisle) => `evicted-above_${aisle}`);
		for (const id of children) {
			const ref = { workflow: 'AISLE_COUNT', id };
			const row = await indexedAs(ref, ({ status }) => isEnded(status));
			expect(row).toMatchObject({ status: 'complete', parent: { id: run.id } });
			expect(row).toEqual(await signalbox.as().run(ref));
			await equalsTheEngine(ref);
		}
		const shown = await watching.until(({ rows }) => rows.every(({ status }) => isEnded(status)));
		expect(shown.rows.map(({ id }) => id).toSorted()).toEqual(children.toSorted());
		expect(open.closed).toBeNull();
		await open.close();
	});
});
