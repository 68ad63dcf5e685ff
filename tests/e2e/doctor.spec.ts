// A workflow binding that a deploy renamed, and the record that it left behind.
import { AdminPage } from './pages/admin-page';
import { Api } from './support/api';
import { Server } from './support/server';
import { expect, test } from './support/test';

test('an admin migrates a renamed binding and has a finding fixed', async ({ page }) => {
	test.slow();
	const server = await Server.onFreePort();
	try {
		await server.start();
		const api = new Api(server.origin);
		const id = 'renamed';
		const params = { message: 'Ask', after: '2 hours' };
		const run = await api.start({ workflow: 'FOLLOW_UP', id, params });
		await expect(async () => {
			expect((await api.run(run)).status).toBe('waiting');
		}).toPass();
		await server.kill();
		// As if its runs had been started when the binding had another name.
		for (const [table, column] of [
			['monitor_event_batches', 'workflow'],
			['monitor_runs', 'workflow'],
			['cf_agents_workflows', 'workflow_name']
		] as const) {
			server.edit(table, `UPDATE ${table} SET ${column} = 'FORMER' WHERE ${column} = 'FOLLOW_UP'`);
		}
		server.edit(
			'monitor_runs',
			`UPDATE monitor_runs SET facts = json_set(facts, '$.ref.workflow', 'FORMER'),
				version = version + 1 WHERE workflow = 'FORMER'`
		);
		await server.start();
		await api.ask('GET', `/runs/FOLLOW_UP/${id}`);
		expect((await api.ask('POST', '/fleet/reindex')).status).toBe(200);
		await expect(async () => {
			expect((await api.run({ workflow: 'FORMER', id })).missingBinding).toBe(true);
		}).toPass();

		const admin = new AdminPage(page);
		await page.goto(`${server.origin}/admin?tab=doctor`);
		const findings = admin.panel('Findings');
		await expect(findings.getByRole('heading', { name: 'Binding missing' })).toBeVisible();
		await expect(findings.getByRole('heading', { name: 'Lost runs' })).toBeVisible();

		await findings.getByRole('button', { name: 'Delete the records' }).click();
		const dialog = page.getByRole('dialog');
		await dialog.getByRole('button', { name: 'Delete the records' }).click();
		await expect(dialog).toBeHidden();
		await expect(findings.getByRole('heading', { name: 'Lost runs' })).toBeHidden();

		const form = admin.panel('Migrate a binding');
		await form.getByLabel('Present name').selectOption('FOLLOW_UP');
		await form.getByRole('button', { name: 'Preview' }).click();
		await expect(form.getByRole('status')).toContainText('1 run (1 active) of 1 Agent');
		await form.getByRole('button', { name: 'Migrate', exact: true }).click();
		await expect(findings.getByRole('heading', { name: 'Binding missing' })).toBeHidden();
		await expect(findings.getByText('Nothing found')).toBeVisible();
		await expect(form).toContainText('FORMER → FOLLOW_UP');
		const moved = await api.run({ workflow: 'FOLLOW_UP', id });
		expect(moved).toMatchObject({ status: 'waiting' });
		expect(moved.missingBinding).toBeUndefined();
		await expect(admin.panel('Size and cost')).toContainText('sb_runs');
	} finally {
		await server.dispose();
	}
});
