import { RunPage } from './pages/run-page';
import { Line } from './support/line';
import { expect, test } from './support/test';

test('the Agent of a run tells its state and its broadcasts once somebody listens', async ({
	page,
	api,
	unique
}) => {
	const agent = `store-agent/${unique('shop')}`;
	const ref = { workflow: 'FOLLOW_UP', id: unique('later') };
	const later = { ...ref, agent, params: { message: 'Later', after: '2 hours' } };
	await api.start(later);
	const sockets: string[] = [];
	page.on('websocket', (socket) => sockets.push(socket.url()));
	const line = await Line.of(page);
	await new RunPage(page).open(ref);
	const panel = page.getByRole('region', { name: 'Agent', exact: true });
	await expect(panel).toContainText('connects only while you listen');
	expect(sockets.some((url) => url.includes('shop'))).toBe(false);

	await panel.getByRole('button', { name: 'Listen' }).click();
	await expect(panel.getByText('Live', { exact: true })).toBeVisible();
	const state = panel.getByRole('group', { name: 'Agent state' });
	await expect(state).toContainText('stock');
	const told = panel.getByRole('list', { name: 'Broadcasts' }).getByRole('listitem');
	await expect(told).toHaveText(['No broadcasts since you started listening']);

	const said = unique('said');
	const soon = { message: said, after: '1 second' };
	await api.start({ workflow: 'FOLLOW_UP', id: unique('soon'), agent, params: soon });
	await expect(told.first()).toContainText(said);
	await panel.getByRole('textbox', { name: 'Filter broadcasts' }).fill('no such text');
	await expect(told).toHaveText(['No matching broadcasts']);
	await panel.getByRole('textbox', { name: 'Filter broadcasts' }).fill('');

	const count = { aisles: ['aisle-1'] };
	await api.start({ workflow: 'STOCK_COUNT', id: unique('count'), agent, params: count });
	const changed = panel.getByRole('list', { name: 'Latest changes' });
	await expect(changed).toContainText('stock');
	await expect(state).toContainText('units');

	await line.cut();
	line.mend();
	await expect(told.first()).toContainText('Broadcasts sent in between are missing');
	await expect(panel.getByText('Live', { exact: true })).toBeVisible();
	await api.ask('POST', `/runs/${ref.workflow}/${ref.id}/terminate`);
});

test('the fleet shows Agents with their runs by status, live, down to one Agent', async ({
	page,
	api,
	unique
}) => {
	const agent = `store-agent/${unique('depot')}`;
	const params = { message: 'Later', after: '2 hours' };
	const ref = { workflow: 'FOLLOW_UP', id: unique('in-depot') };
	await page.goto('/fleet');
	await page.getByRole('textbox', { name: 'Find Agents' }).fill(agent);
	await expect(page.getByRole('heading', { name: 'No matching Agents' })).toBeVisible();
	await api.start({ ...ref, agent, params });
	const row = page
		.getByRole('list', { name: 'Agents', exact: true })
		.getByRole('link', { name: agent });
	await expect(row).toBeVisible();
	await expect(page.getByRole('link', { name: 'Waiting 1' })).toBeVisible();
	await api.ask('POST', `/runs/${ref.workflow}/${ref.id}/terminate`);
	await expect(page.getByRole('link', { name: 'Terminated 1' })).toBeVisible();

	await row.click();
	await expect(page.getByRole('heading', { level: 1, name: agent })).toBeVisible();
	await expect(page.getByRole('link', { name: new RegExp(ref.id) })).toBeVisible();
	await page.goto('/fleet/store-agent/nobody-here');
	await expect(page.getByRole('heading', { name: 'Agent not found' })).toBeVisible();
});
