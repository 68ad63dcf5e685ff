// An idle fleet does no work. What an Agent has planned stands in its job queue; the physical alarm
// is the earliest of it.
import { expect, test } from 'vitest';
import { eventually } from './support/eventually';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();

/** When the Agent will be woken, Ms, for each wake that is planned. */
async function wakes(store: string): Promise<number[]> {
	const worker = signalbox.harness.getWorker();
	const storage = await worker.getDurableObjectStorage('StoreAgent', { name: store });
	const rows = await storage.exec('SELECT time FROM cf_agents_jobs ORDER BY time');
	return rows.map((row) => Number(row['time']));
}

test('an Agent whose only run sleeps is woken when the sleep is due, and not before', async () => {
	const run = await signalbox.as().start({
		workflow: 'QUIET',
		params: { sleep: '1 hour' },
		agent: 'store-agent/asleep'
	});
	const asleep = await eventually(
		() => signalbox.as().run(run),
		({ waitingFor }) => waitingFor?.kind === 'sleep'
	);
	const dueAt = asleep.waitingFor?.dueAt ?? 0;

	const planned = await eventually(
		() => wakes('asleep'),
		(times) => times.length > 0 && times.every((time) => time >= dueAt)
	);
	expect(planned).toHaveLength(1);
	expect(planned[0]).toBeLessThan(dueAt + 1_000);
});

test('an Agent whose runs wait for people looks less and less often', async () => {
	await signalbox.as().start({
		workflow: 'REFUND',
		params: { order: 'o', amount: 500, currency: 'EUR', reason: 'x', requestedBy: 'ana' },
		agent: 'store-agent/patient'
	});
	const planned = await eventually(
		() => wakes('patient'),
		(times) => times.length === 1 && times.every((time) => time > Date.now() + 45_000)
	);
	expect(planned).toHaveLength(1);
});

test('an Agent whose runs have all ended has nothing planned', async () => {
	const run = await signalbox.as().start({
		workflow: 'REFUND',
		params: { order: 'o', amount: 5, currency: 'EUR', reason: 'x', requestedBy: 'ana' },
		agent: 'store-agent/done'
	});
	await signalbox.as().runEnded(run);
	expect(
		await eventually(
			() => wakes('done'),
			(times) => times.length === 0
		)
	).toEqual([]);
});
