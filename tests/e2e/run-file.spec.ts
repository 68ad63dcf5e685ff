import { readFileSync } from 'node:fs';
import { RunPage } from './pages/run-page';
import { expect, test } from './support/test';

const ODD = '<img src=x onerror="window.wasRun = true">';
const PARAMS = {
	order: 'ORD-1',
	amount: 500,
	currency: 'EUR',
	reason: `Broken ${ODD}`,
	requestedBy: 'kim@example.com'
};

test('a run file has all generations and opens after the run was deleted', async ({
	page,
	api,
	unique
}, testInfo) => {
	const ref = { workflow: 'REFUND', id: unique('filed') };
	await api.start({ ...ref, params: PARAMS });
	await api.approvalOf(ref);
	const run = new RunPage(page);
	await run.open(ref);
	await run.act('Restart');
	await expect(run.generation(2)).toHaveAttribute('aria-current', 'page');
	await api.until(ref, 'waiting');
	await api.ask('POST', `/runs/${ref.workflow}/${ref.id}/terminate`);
	await run.expectStatus('Terminated');
	const events = await api.events(ref);

	await page.getByRole('button', { name: 'More actions' }).click();
	const saving = page.waitForEvent('download');
	await page.getByRole('menuitem', { name: 'Download run file' }).click();
	const saved = await saving;
	expect(saved.suggestedFilename()).toBe(`REFUND-${ref.id}.json`);
	const path = testInfo.outputPath('run.json');
	await saved.saveAs(path);
	await expect(page.getByText(`Saved as REFUND-${ref.id}.json`)).toBeVisible();

	await api.ask('DELETE', `/runs/${ref.workflow}/${ref.id}`);
	await page.goto(`/runs/${ref.workflow}/${ref.id}`);
	await page.getByRole('link', { name: 'Open run file' }).click();
	await expect(page).toHaveURL(/\/runs\/open$/);
	const choosing = page.waitForEvent('filechooser');
	await page.getByRole('button', { name: 'Choose file' }).click();
	await (await choosing).setFiles(path);

	await test.step('the newest generation is shown without actions', async () => {
		await expect(run.heading(ref.id)).toBeVisible();
		const notice = page.getByRole('status').filter({ hasText: 'Snapshot saved on' });
		await expect(notice).toContainText('This page does not update.');
		await run.expectStatus('Terminated');
		await expect(page.getByRole('group', { name: 'Actions' })).toHaveCount(0);
		await expect(page.getByRole('region', { name: 'Params' })).toContainText('onerror');
		expect(await page.evaluate(() => 'wasRun' in window)).toBe(false);

		await run.step(/^wait-for-approval/).click();
		const panel = run.stepPanel('wait-for-approval');
		await expect(panel).toContainText('Cancelled');
		await expect(panel.getByRole('link', { name: /Decide|Open/ })).toHaveCount(0);
		await expect(panel.getByRole('button', { name: 'Restart from this step' })).toHaveCount(0);
		await expect(page).toHaveURL(/\/runs\/open\?.*generation=2/);
	});

	await test.step('its history has every event', async () => {
		await page.getByRole('tab', { name: /History/ }).click();
		await expect(page.getByRole('tab', { name: /History/ })).toContainText(String(events.length));
		await expect(run.event(/terminated/i)).toBeVisible();
	});

	await test.step('the previous generation has its own history', async () => {
		await run.generation(1).click();
		await expect(page).toHaveURL(/\/runs\/open\?generation=1$/);
		const previous = page.getByRole('note').filter({ hasText: 'Generation 1 of 2' });
		await expect(previous).toContainText('Interrupted by a restart');
		await expect(previous).toContainText('Last known status: Terminated');
		await expect(run.step(/^wait-for-approval, .*cancelled/)).toBeVisible();
		await run.step(/^validate-refund/).click();
		await expect(run.stepPanel('validate-refund')).toBeVisible();
		await previous.getByRole('link', { name: 'Show current generation' }).click();
		await expect(run.generation(2)).toHaveAttribute('aria-current', 'page');
	});

	await page.getByRole('button', { name: 'Open another file' }).click();
	await expect(page.getByRole('button', { name: 'Choose file' })).toBeVisible();
	expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ version: 1, run: ref });
});

test('an invalid file is refused with the reason, and another can be dropped', async ({ page }) => {
	await page.goto('/runs');
	await page.getByRole('button', { name: 'Open a run file' }).click();
	const choose = async (name: string, text: string) => {
		const choosing = page.waitForEvent('filechooser');
		await page.getByRole('button', { name: 'Choose file' }).click();
		const mimeType = 'application/json';
		await (await choosing).setFiles({ name, mimeType, buffer: Buffer.from(text) });
	};
	const alert = page.getByRole('alert');
	await choose('notes.json', 'not a run');
	await expect(alert).toContainText('The file cannot be opened: notes.json');
	await expect(alert).toContainText('The file is not JSON');
	await choose('other.json', '{"format":"other"}');
	await expect(alert).toContainText('is not “signalbox-run”');
	await choose('newer.json', '{"format":"signalbox-run","version":2}');
	await expect(alert).toContainText('This Signalbox reads version 1');

	const dropped = await page.evaluateHandle(() => {
		const transfer = new DataTransfer();
		transfer.items.add(new File(['{"format":"signalbox-run","version":1}'], 'cut.json'));
		return transfer;
	});
	const zone = page.getByRole('region', { name: 'Drop a run file here' });
	await zone.dispatchEvent('drop', { dataTransfer: dropped });
	await expect(alert).toContainText('cut.json');
	await expect(alert).toContainText('The file was changed or truncated after it was saved');
});
