import { AdminPage } from './pages/admin-page';
import { expect, test } from './support/test';

test('an admin asks every Agent again, and adopts by id', async ({ page, api, unique }) => {
	const id = unique('count');
	await api.start({ workflow: 'FOLLOW_UP', id, params: { message: 'Ask', after: '1 second' } });
	const admin = new AdminPage(page);

	await admin.open('index');
	await admin
		.panel('Read the fleet again')
		.getByRole('button', { name: 'Ask every Agent' })
		.click();
	await expect(page.getByRole('status').filter({ hasText: 'report' })).toContainText(
		/\d+ Agents? reports? again: \d+ runs? (is|are) on the way/
	);
	const { body } = await api.ask<{ total: number }>('GET', `/runs?q=id:${id}`);
	expect(body.total).toBe(1);

	await page.goto('/runs/FOLLOW_UP/nobody-knows');
	await page.getByRole('link', { name: 'Adopt it' }).click();
	const panel = admin.panel('Adopt a run that nobody tracks');
	await expect(panel.getByRole('textbox', { name: 'Id' })).toHaveValue('nobody-knows');
	await panel.getByRole('button', { name: 'Adopt it' }).click();
	await expect(panel.getByRole('alert')).toContainText('The engine has no instance');

	await panel.getByRole('textbox', { name: 'Id' }).fill(id);
	await panel.getByRole('button', { name: 'Adopt it' }).click();
	await expect(page.getByRole('heading', { level: 1, name: id })).toBeVisible();
});
