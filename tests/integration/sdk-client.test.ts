// The pages are clients of the Agents SDK: they hear its frames and Signalbox's, and none of the
// plain protocol's, which would tell them everything twice.
import { expect, test } from 'vitest';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();

test('a client of the SDK hears of state changes once, in the SDK’s words', async () => {
	const client = await signalbox.connect('operations-agent/main', { sdk: true });
	const run = await signalbox
		.as()
		.start({ workflow: 'TWO_GATES', params: { subject: 'a parcel' } });
	await signalbox.as().approvalOf(run);
	await client.next(({ json }) => {
		const state = json['type'] === 'cf_agent_state' ? json['state'] : null;
		return (
			typeof state === 'object' && state !== null && Reflect.get(state, 'pendingApprovals') === 1
		);
	});
	const types = new Set(client.frames.map(({ json }) => String(json['type'])));
	expect([...types].filter((type) => !type.startsWith('cf_'))).toEqual([]);
	await client.close();
});
