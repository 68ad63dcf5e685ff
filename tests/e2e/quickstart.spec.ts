import { readFileSync } from 'node:fs';
import { ApprovalsPage } from './pages/approvals-page';
import { AppShell } from './pages/app-shell';
import { RunPage } from './pages/run-page';
import { RunsPage } from './pages/runs-page';
import { StartPage } from './pages/start-page';
import { OneLoad } from './support/loads';
import { textsSeen } from './support/seen';
import { expect, test } from './support/test';

const FILE = 'data/catalog-5000.csv';
/** Small, so that there are many steps to watch. */
const BATCH = 100;

test('an import of 5,000 rows is started, watched, approved and read back', async ({
	page,
	context,
	api,
	unique
}) => {
	// A machine with much else to do takes its time for so many steps.
	const id = unique('import');
	const ref = { workflow: 'CATALOG_IMPORT', id };
	expect(readFileSync(FILE, 'utf8').trim().split('\n')).toHaveLength(5_001);

	const list = new RunsPage(await context.newPage());
	await list.open('workflow:CATALOG_IMPORT');
	await new AppShell(list.page).expectMark('Live');
	const oneList = await OneLoad.of(list.page);

	const start = new StartPage(page);
	await start.openExample('CATALOG_IMPORT');
	const onePage = await OneLoad.of(page);
	await page.getByLabel('File for Text').setInputFiles(FILE);
	await expect(page.getByRole('group', { name: 'Text' })).toContainText('catalog-5000.csv');
	await start.field('Batch size').fill(String(BATCH));
	await start.setOptions({ ID: id });
	await start.start.click();

	await test.step('it waits, because too many rows are bad', async () => {
		const run = new RunPage(page);
		await expect(run.heading(id)).toBeVisible();
		await run.expectStatus('Waiting');
		await expect(run.step(/^extract-rows, step, completed/)).toBeVisible();
		await expect(run.step(/^check-rows, step, completed/)).toBeVisible();
		await list.expectStatus(id, 'Waiting');
		await expect(list.row(id)).toContainText('waiting for approval');
	});

	await test.step("its wait's bar grows", async () => {
		const wait = new RunPage(page).step(/^wait-for-approval, wait for approval, waiting/);
		const before = await wait.getAttribute('aria-label');
		await expect(wait).not.toHaveAttribute('aria-label', before ?? '');
	});

	const row = list.row(id);
	const seen = await textsSeen(row);

	await test.step('it is approved in the inbox', async () => {
		await new AppShell(page).follow('Approvals');
		const inbox = new ApprovalsPage(page);
		await expect(inbox.of(id)).toContainText('328 of 5000 rows (6.6 %) are bad');
		await inbox.approve(id);
		await inbox.deliverNow();
	});

	await test.step('it goes on where it stood, batch by batch, to its end', async () => {
		await list.expectStatus(id, 'Complete');
		await expect(row).toContainText('5,000 / 5,000');
		const counts = (await seen()).flatMap((text) => text.match(/[\d,]+ \/ 5,000/) ?? []);
		expect(new Set(counts).size, `seen: ${counts.join(', ')}`).toBeGreaterThan(3);

		await new AppShell(page).follow('Runs');
		await new RunsPage(page).link(id).click();
		const run = new RunPage(page);
		await run.expectStatus('Complete');
		await run.step(/^load-batch, group of 47 steps, closed/).click();
		await expect(run.step(/^load-batch-1, step, completed/)).toBeVisible();
		await expect(run.output).toContainText('4672');
	});

	await onePage.expectSame();
	await oneList.expectSame();

	await test.step('HTTP and SSE say the same', async () => {
		const [read, events, streamed] = await Promise.all([
			api.run(ref),
			api.events(ref),
			api.streamed(ref)
		]);
		expect(read).toMatchObject({ status: 'complete', outcome: 'completed' });
		expect(read.output).toMatchObject({ loaded: 4672, rejected: 328 });
		expect(streamed.isDone).toBe(true);
		expect(streamed.events).toEqual(events);
		const loads = events.filter((event) => event.type === 'step_completed');
		expect(loads.length).toBeGreaterThanOrEqual(Math.ceil(4672 / BATCH));

		await page.getByRole('tab', { name: /^History/ }).click();
		await expect(page.getByRole('tab', { name: `History ${events.length}` })).toBeVisible();
	});
});
