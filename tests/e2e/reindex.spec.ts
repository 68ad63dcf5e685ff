import { AdminPage } from './pages/admin-page';
import { expect, test } from './support/test';

test('an admin reindexes all Agents and adopts a run by ID', async ({ page, api, unique }) => {
	const id = unique('count');
	await api.start({ workflow: 'FOLLOW_UP', id, params: { message: 'Ask', after: '1 second' } });
	const admin = new AdminPage(page);

	await admin.open('index');
	await admin
		.panel('Rebuild the index')
		.getByRole('button', { name: 'Reindex all Agents' })
		.click();
	await expect(page.getByRole('status').filter({ hasText: 'report' })).toContainText(
		/\d+ Agents? will report \d+ runs?\./
	);
	const { body } = await api.ask<{ total: number }>('GET', `/runs?q=id:${id}`);
	expect(body.total).toBe(1);

	await page.goto('/runs/FOLLOW_UP/nobody-knows');
	await page.getByRole('link', { name: 'Adopt run' }).click();
	const panel = admin.panel('Adopt an untracked run');
	await expect(panel.getByRole('textbox', { name: 'ID' })).toHaveValue('nobody-knows');
	await panel.getByRole('button', { name: 'Adopt run' }).click();
	await expect(panel.getByRole('alert')).toContainText('The Workflows engine has no instance');

	await panel.getByRole('textbox', { name: 'ID' }).fill(id);
	await panel.getByRole('button', { name: 'Adopt run' }).click();
	await expect(page.getByRole('heading', { level: 1, name: id })).toBeVisible();
});
