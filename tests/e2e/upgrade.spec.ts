import { Api } from './support/api';
import { Server } from './support/server';
import { RunsPage } from './pages/runs-page';
import { expect, test } from './support/test';

// The data of the first version, packed as `npm start` left it. It is never made anew: a version
// that cannot read it has lost what people trusted it with.
const FIRST = {
	archive: 'tests/fixtures/state-0.1.0.tgz',
	packedAt: Date.UTC(2026, 10, 20, 7, 50)
};

test('the data of the first version is read and goes on', async ({ page }) => {
	const server = await Server.onFreePort();
	const api = new Api(server.origin);
	const waiting = { workflow: 'REFUND', id: 'refund-waits' };
	try {
		server.unpack(FIRST.archive, FIRST.packedAt);
		await server.start();

		await test.step('every run is in the list as it was', async () => {
			const statuses = async () => {
				const { body } = await api.ask<{ runs: { id: string; status: string }[] }>('GET', '/runs');
				return Object.fromEntries(body.runs.map(({ id, status }) => [id, status]));
			};
			// A run reads as running until its history has been read again.
			await expect.poll(statuses).toEqual({
				'refund-terminated': 'waiting',
				'count-1_dairy': 'complete',
				'count-1': 'complete',
				'follow-up-1': 'waiting',
				'refund-rejected': 'errored',
				'refund-approved': 'complete',
				'refund-waits': 'waiting',
				'import-1': 'complete'
			});
			await page.goto(`${server.origin}/runs`);
			const list = new RunsPage(page);
			await expect(list.link('import-1')).toBeVisible();
			await expect(list.link('count-1_dairy')).toBeVisible();
		});

		await test.step('histories and former generations can be read', async () => {
			expect(
				(await api.events({ workflow: 'CATALOG_IMPORT', id: 'import-1' })).length
			).toBeGreaterThan(20);
			await page.goto(`${server.origin}/runs/REFUND/refund-terminated?generation=1`);
			await expect(page.getByRole('main')).toContainText('Terminated');
		});

		await test.step('a run that waited is found by its metadata, decided and ends', async () => {
			const found = await api.ask<{ total: number }>('GET', '/runs?q=customer.tier:gold');
			expect(found.body.total).toBe(1);
			const approval = await api.approvalOf(waiting);
			await api.ask('POST', `/approvals/${approval.id}/decision`, { approved: true });
			await page.goto(`${server.origin}/runs/REFUND/${waiting.id}`);
			await expect(page.getByRole('main')).toContainText('Complete');
		});

		await test.step('what was decided keeps who and why', async () => {
			const { body } = await api.ask<{ approvals: { decisions: { reason: string }[] }[] }>(
				'GET',
				'/approvals?status=rejected'
			);
			expect(body.approvals[0]?.decisions[0]?.reason).toBe('too late');
		});

		await test.step('new runs start beside the old ones', async () => {
			const params = { aisles: ['dairy'] };
			await api.start({ workflow: 'STOCK_COUNT', id: 'count-2', params });
			const { status } = await api.ask('POST', '/runs', {
				workflow: 'STOCK_COUNT',
				id: 'count-1',
				params
			});
			expect(status).toBe(409);
		});
	} finally {
		await server.dispose();
	}
});
