// The database of the Operations agent can be restored from an older state. The Agents know what
// they have reported: from them it catches up by itself.
import { expect, test } from 'vitest';
import { runPageSchema } from '../../src/lib/protocol';
import { eventually } from './support/eventually';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();

async function indexedIds(): Promise<string[]> {
	const { body } = await signalbox.as().get('/runs');
	return runPageSchema
		.parse(body)
		.runs.map(({ id }) => id)
		.toSorted();
}

/** Makes the index one from before there were runs. Answers with its database. */
async function losesItsRuns() {
	const storage = await signalbox.harness
		.getWorker()
		.getDurableObjectStorage('OperationsAgent', { name: 'main' });
	for (const table of ['sb_runs', 'sb_run_json', 'sb_counts', 'sb_run_text', 'sb_run_notes']) {
		await storage.exec(`DELETE FROM ${table}`);
	}
	await storage.exec('UPDATE sb_agents SET sequence = 0');
	return storage;
}

test('an index that lost what it knew hears it again, also from Agents that are idle', async () => {
	const start = (id: string, store: string) =>
		signalbox.as().start({
			workflow: 'FOLLOW_UP',
			params: { message: 'Call back', after: '1 second' },
			agent: `store-agent/${store}`,
			id
		});
	await signalbox.as().runEnded(await start('busy', 'berlin'));
	await signalbox.as().runEnded(await start('idle', 'austin'));
	const aisle = await signalbox.as().start({
		workflow: 'AISLE_COUNT',
		params: { aisle: 'dairy' },
		agent: 'store-agent/austin/sub/aisle-agent/dairy',
		id: 'below'
	});
	await signalbox.as().runEnded(aisle);

	const storage = await losesItsRuns();
	await storage.exec(`DELETE FROM sb_agents WHERE path LIKE '%/sub/%'`);
	expect(await indexedIds()).toEqual([]);

	// Its end would reach the index while the next test takes that away.
	await signalbox.as().runEnded(await start('again', 'berlin'));
	await eventually(indexedIds, (ids) => ids.join() === 'again,below,busy,idle');
	const { body } = await signalbox.as().get('/audit?action=fleet.reindex');
	expect(body).toMatchObject({ entries: [{ by: 'signalbox', result: 'done' }] });
});

test('an index that was restored catches up though nobody has anything to report', async () => {
	const before = await indexedIds();
	await losesItsRuns();
	await signalbox.crashOperations();
	await eventually(indexedIds, (ids) => ids.join() === before.join());
});
