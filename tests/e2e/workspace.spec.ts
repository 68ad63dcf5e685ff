import { Api } from './support/api';
import { Server } from './support/server';
import { RunsPage } from './pages/runs-page';
import { expect, test } from './support/test';

test('a page of another workspace shows the runs of that workspace', async ({ page }) => {
	const server = await Server.onFreePort({ WORKSPACE: 'second' });
	const api = new Api(server.origin);
	try {
		await server.start();
		const run = { workflow: 'STOCK_COUNT', id: 'count-second', params: { aisles: ['dairy'] } };
		await api.start(run);
		await page.goto(`${server.origin}/runs`);
		await expect(new RunsPage(page).link(run.id)).toBeVisible();
	} finally {
		await server.dispose();
	}
});
