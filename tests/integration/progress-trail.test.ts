// The numbers that a run reported, kept with their times and pushed to whoever looks at it.
import { expect, test } from 'vitest';
import { EVE } from './support/people';
import { useSignalbox } from './support/signalbox';
import { Watching } from './support/watching';

const signalbox = useSignalbox();

test('progress is kept with its times, through a crash, and each generation has its own', async () => {
	const run = await signalbox.as().start({
		workflow: 'AISLE_COUNT',
		params: { aisle: 'aisle-1' },
		agent: 'store-agent/quito/sub/aisle-agent/aisle-1',
		id: 'trail'
	});
	const open = () => signalbox.connect('operations-agent/main', { as: EVE, sdk: true });
	const watching = Watching.run(await open(), run.workflow, run.id);
	await watching.until(({ trail }) => trail.length > 1);
	await signalbox.as().runEnded(run);
	const { trail } = await watching.until((model) => model.trail.length >= 4);
	const bays = trail.map(({ values }) => values['bay'] ?? 0);
	expect(bays).toEqual(bays.toSorted((a, b) => a - b));
	expect(trail.map(({ at }) => at)).toEqual(trail.map(({ at }) => at).toSorted((a, b) => a - b));

	await signalbox.crash('quito');
	const later = Watching.run(await open(), run.workflow, run.id);
	expect((await later.until((model) => model.trail.length > 0)).trail).toEqual(trail);

	await signalbox.as().post(`/runs/${run.workflow}/${run.id}/restart`);
	const anew = await later.until((model) => model.run.generation === 2 && model.trail.length > 0);
	const from = anew.trail[0]?.at ?? 0;
	expect(from).toBeGreaterThan(trail.at(-1)?.at ?? Infinity);
});
