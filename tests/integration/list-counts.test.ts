// What a list tells beyond its rows: counts of all that match; and what time alone changes.
import { expect, test } from 'vitest';
import { applyToRuns, type RunsModel } from '../../src/lib/client/live/runs-model';
import { useSignalbox } from './support/signalbox';
import { Watching } from './support/watching';

const signalbox = useSignalbox();

test('counts by status follow runs that are beyond the rows on screen', async () => {
	const eve = signalbox.as();
	const start = () =>
		eve.start({
			workflow: 'FOLLOW_UP',
			params: { message: 'beyond', after: '1 hour' },
			metadata: { order: 'beyond' }
		});
	const below = await start();
	await start();
	await eve.runWhen(below, ({ status }) => status === 'waiting');
	const socket = await signalbox.connect('operations-agent/main');
	const list = new Watching<RunsModel>(
		socket,
		{ kind: 'runs', query: { q: 'order:beyond', limit: 1 }, window: { offset: 0 } },
		applyToRuns
	);
	await list.until(({ byStatus }) => byStatus?.waiting === 2);
	await eve.post(`/runs/FOLLOW_UP/${below.id}/terminate`);
	await list.until(({ byStatus }) => byStatus?.terminated === 1 && byStatus.waiting === 1);
	await socket.close();
});

test('a run enters when it has gone on for long enough, though nothing is reported of it', async () => {
	const eve = signalbox.as();
	const params = { message: 'slow', after: '1 hour' };
	const run = await eve.start({ workflow: 'FOLLOW_UP', params, metadata: { order: 'slow' } });
	const asleep = await eve.runWhen(run, ({ status }) => status === 'waiting');
	const socket = await signalbox.connect('operations-agent/main');
	const list = new Watching<RunsModel>(
		socket,
		{ kind: 'runs', query: { q: 'order:slow duration:>8s' }, window: { offset: 0 } },
		applyToRuns
	);
	expect(await list.until(() => true)).toMatchObject({ rows: [], total: 0 });
	const entered = await list.until(({ byStatus }) => byStatus?.waiting === 1);
	expect(entered).toMatchObject({ rows: [{ id: run.id, updatedAt: asleep.updatedAt }], total: 1 });
	await socket.close();
});
