// Bulk actions: selection, preview, confirmation and results.
import { BulkPage } from './pages/bulk-page';
import { RunsPage } from './pages/runs-page';
import type { Api } from './support/api';
import { expect, test } from './support/test';

async function sleepingRuns(api: Api, group: string, count: number): Promise<string[]> {
	const ids = Array.from({ length: count }, (_, number) => `${group}-${number}`);
	for (const id of ids) {
		const params = { message: id, after: '1 hour' };
		await api.start({ workflow: 'FOLLOW_UP', id, params, metadata: { group } });
	}
	for (const id of ids) await api.until({ workflow: 'FOLLOW_UP', id }, 'waiting');
	return ids;
}

test('runs selected by a range are terminated after their number is typed', async ({
	page,
	api,
	unique
}) => {
	const group = unique('range');
	const ids = await sleepingRuns(api, group, 5);
	const [oldest = '', , , fourth = '', newest = ''] = ids;
	await api.ask('POST', `/runs/FOLLOW_UP/${ids[2]}/terminate`);
	const runs = new RunsPage(page);
	const bulk = new BulkPage(page);
	await runs.open(`group:${group}`);
	await runs.select(fourth);
	await runs.select(oldest, 'range');
	await expect(bulk.bar).toContainText('4 selected');
	await bulk.choose('Terminate');

	await expect(bulk.dialog).toContainText('3 of 4 runs can be terminated');
	await expect(bulk.dialog).toContainText('1 has already ended');
	expect((await api.run({ workflow: 'FOLLOW_UP', id: fourth })).status).toBe('waiting');
	await bulk.confirm('Terminate 3 runs');
	await expect(bulk.dialog).toContainText('Enter the number of runs: 3');
	await bulk.dialog.getByRole('textbox', { name: /Type 3/ }).fill('3');
	await bulk.confirm('Terminate 3 runs');
	await expect(bulk.dialog).toBeHidden();
	await expect(bulk.bar).toBeHidden();

	for (const id of ids.slice(0, 4)) await runs.expectStatus(id, 'Terminated');
	await runs.expectStatus(newest, 'Sleeping');
	await bulk.jobs.getByRole('link', { name: 'Terminate: 3 runs' }).first().click();
	await expect(bulk.results).toContainText('Selected individually');
	await expect(bulk.tab('Done')).toHaveText(/3/);
	await bulk.tab('Skipped').click();
	await expect(page).toHaveURL(/items=skipped/);
	await expect(bulk.results).toContainText('has already ended');
	await expect(bulk.results.getByRole('link', { name: `FOLLOW_UP ${ids[2]}` })).toBeVisible();
});

test('pausing all matching runs continues after the page is closed', async ({
	page,
	api,
	unique
}) => {
	const group = unique('all');
	const ids = await sleepingRuns(api, group, 6);
	const runs = new RunsPage(page);
	const bulk = new BulkPage(page);
	await runs.open(`group:${group}`);
	await runs.select(ids[5] ?? '');
	await bulk.bar.getByRole('button', { name: 'Select all 6 matching runs' }).click();
	await bulk.choose('Pause');
	await expect(bulk.dialog).toContainText('6 runs can be paused');
	// Runs created after the preview are not included.
	const [late = ''] = await sleepingRuns(api, `${group}-late`, 1);
	await bulk.confirm('Pause 6 runs');
	await expect(bulk.dialog).toBeHidden();
	await page.close();
	for (const id of ids) await api.until({ workflow: 'FOLLOW_UP', id }, 'paused');
	expect((await api.run({ workflow: 'FOLLOW_UP', id: late })).status).toBe('waiting');
});

test('an event with an invalid payload is not sent, and a viewer sees which role is missing', async ({
	page,
	api,
	unique,
	openAs
}) => {
	const group = unique('event');
	const [id = ''] = await sleepingRuns(api, group, 1);
	const runs = new RunsPage(page);
	const bulk = new BulkPage(page);
	await runs.open(`group:${group}`);
	await runs.select(id);
	await bulk.choose('Send event');
	await bulk.dialog.getByRole('textbox', { name: 'Event type' }).fill('paid');
	await bulk.dialog.getByRole('textbox', { name: 'Payload' }).fill('{');
	await bulk.confirm('Count runs');
	await expect(bulk.dialog).toContainText('is not valid JSON');
	await bulk.dialog.getByRole('textbox', { name: 'Payload' }).fill('{}');
	await bulk.confirm('Count runs');
	await expect(bulk.dialog).toContainText('1 does not wait for this event');

	const viewer = await openAs('vera:viewer');
	await new RunsPage(viewer).open(`group:${group}`);
	await new RunsPage(viewer).select(id);
	await new BulkPage(viewer).bar.getByRole('button', { name: 'Actions' }).click();
	await expect(viewer.getByRole('menuitem', { name: /Terminate/ })).toContainText(
		'Requires the operator role'
	);
});

test('failed runs show their errors and can be retried', async ({ page, api, unique }) => {
	const group = unique('fail');
	const ids = await sleepingRuns(api, group, 2);
	const runs = new RunsPage(page);
	const bulk = new BulkPage(page);
	await runs.open(`group:${group}`);
	await runs.select(ids[1] ?? '');
	await runs.select(ids[0] ?? '', 'range');
	await bulk.choose('Restart from step');
	await bulk.dialog.getByRole('textbox', { name: 'Step' }).fill('no-such-step');
	await bulk.confirm('Count runs');
	await bulk.confirm('Restart 2 runs');
	await expect(bulk.dialog).toBeHidden();
	await bulk.jobs.getByRole('link', { name: 'Restart: 2 runs' }).first().click();
	await expect(bulk.tab('Failed')).toHaveText(/2/);
	await bulk.tab('Failed').click();
	await expect(bulk.results.getByRole('listitem').first()).toContainText(
		'The Workflows engine refused'
	);
	await bulk.results.getByRole('button', { name: 'Retry 2 failed' }).click();
	await bulk.confirm('Retry 2');
	await expect(bulk.results).toContainText('Retry of');
	await expect(bulk.tab('Failed')).toHaveText(/2/);
});
