// Another workspace than `main`: the API, the Agents, the page and its socket agree on it.
import { expect, test } from 'vitest';
import { useSignalbox } from './support/signalbox';
import { Watching } from './support/watching';

const signalbox = useSignalbox({ AUTH: 'local', WORKSPACE: 'second' });

test('a run that starts there shows in its list, and nowhere else', async () => {
	const run = await signalbox.as().start({
		workflow: 'PROCESSING_WORKFLOW',
		params: { taskId: 't', items: ['one'] },
		id: 'there'
	});
	const { body } = await signalbox.as().get('/runs');
	expect(body).toMatchObject({ runs: [{ id: run.id }] });

	const socket = await signalbox.connect('operations-agent/second', { sdk: true });
	const list = Watching.runs(socket, { q: '' });
	expect((await list.until(({ rows }) => rows.length > 0)).rows[0]?.id).toBe('there');
});

test('the page says which workspace its socket is for', async () => {
	const response = await signalbox.as().fetch('/runs', { headers: { accept: 'text/html' } });
	expect(await response.text()).toContain('<meta name="signalbox-workspace" content="second" />');
});
