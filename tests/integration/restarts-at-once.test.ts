// Two people restart one run at the same moment: each is told that it was done, and each was.
import { expect, test } from 'vitest';
import { runSchema } from '../../src/lib/protocol';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();

test('two restarts at once are two generations, each with a history of its own', async () => {
	const run = await signalbox
		.as()
		.start({ workflow: 'TWO_GATES', params: { subject: 'a parcel' } });
	await signalbox.as().approvalOf(run);
	const restart = () => signalbox.as().post(`/runs/${run.workflow}/${run.id}/restart`);
	const replies = await Promise.all([restart(), restart()]);
	expect(replies.map(({ status }) => status)).toEqual([200, 200]);
	const generations = replies.map(({ body }) => runSchema.parse(body).generation);
	expect(generations.toSorted()).toEqual([2, 3]);
	expect(await signalbox.as().run(run)).toMatchObject({ generation: 3 });
	for (const generation of [1, 2]) {
		const { events } = await signalbox.as().events(run, `?generation=${generation}`);
		expect(events.length).toBeGreaterThan(0);
	}
});
