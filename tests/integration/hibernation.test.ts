// An Agent whose runs sleep or wait has nothing to do, and must be let go of: an open-ended read
// from the engine would keep it in memory, and on the bill, for as long as they do.
import { expect, test } from 'vitest';
import { eventually } from './support/eventually';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();

/** How many tails the store's Agent has open. */
async function attached(store: string): Promise<number> {
	const worker = signalbox.harness.getWorker();
	const storage = await worker.getDurableObjectStorage('StoreAgent', { name: store });
	const [row] = await storage.exec('SELECT count(*) AS n FROM monitor_runs WHERE attached = 1');
	return Number(row?.['n']);
}

test('an Agent with a run asleep can be evicted, and the run ends right all the same', async () => {
	const run = await signalbox.as().start({
		workflow: 'QUIET',
		params: { sleep: '25 seconds' },
		agent: 'store-agent/dormant'
	});
	await eventually(
		() => attached('dormant'),
		(open) => open === 0
	);

	const began = Date.now();
	await signalbox.evict('StoreAgent', 'dormant');
	// Without an end to its reads it would be given up after 30 s.
	expect(Date.now() - began).toBeLessThan(25_000);

	const waiting = await eventually(
		() => signalbox.as().run(run),
		({ waitingFor }) => waitingFor?.kind === 'event'
	);
	expect(waiting.status).toBe('waiting');
});
