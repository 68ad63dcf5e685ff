// Where the keyboard is after an action, and what covers what.
import { ApprovalPage } from './pages/approval-page';
import { BulkPage } from './pages/bulk-page';
import { RunPage } from './pages/run-page';
import { RunsPage } from './pages/runs-page';
import { expect, test } from './support/test';

const sleep = { message: 'Later', after: '1 hour' };

test('the focus stays among the actions when one takes the place of another', async ({
	page,
	api,
	unique
}) => {
	const ref = { workflow: 'FOLLOW_UP', id: unique('pause') };
	await api.start({ ...ref, params: sleep });
	const run = new RunPage(page);
	await run.open(ref);
	await run.action('Pause').focus();
	await page.keyboard.press('Enter');
	await expect(run.action('Resume').first()).toBeVisible();
	await expect
		.poll(() =>
			page.evaluate(() => Boolean(document.activeElement?.closest('[aria-label="Actions"]')))
		)
		.toBe(true);
});

test('a selection survives a look at a run, and the focus a bulk action', async ({
	page,
	api,
	unique
}) => {
	const group = unique('kept');
	const ids = [`${group}-0`, `${group}-1`];
	for (const id of ids) {
		await api.start({ workflow: 'FOLLOW_UP', id, params: sleep, metadata: { group } });
		await api.until({ workflow: 'FOLLOW_UP', id }, 'waiting');
	}
	const [runs, bulk] = [new RunsPage(page), new BulkPage(page)];
	await runs.open(`group:${group}`);
	for (const id of ids) await runs.select(id);
	await expect(bulk.bar).toContainText('2 selected');
	await runs.link(ids[0] ?? '').click();
	await expect(new RunPage(page).heading(ids[0] ?? '')).toBeVisible();
	await page.goBack();
	await expect(bulk.bar).toContainText('2 selected');

	await bulk.choose('Pause');
	await bulk.confirm('Pause 2 runs');
	await expect(bulk.bar).toBeHidden();
	await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).not.toBe('BODY');
	await expect(bulk.jobs).toBeVisible();
	// The strip stands above the rows, and only whoever started the job sees it.
	const strip = await bulk.jobs.boundingBox();
	const table = await runs.table.boundingBox();
	expect((strip?.y ?? 0) + (strip?.height ?? 0)).toBeLessThanOrEqual(table?.y ?? 0);
});

test('the strip of bulk jobs is for whoever started them', async ({ openAs, api, unique }) => {
	const group = unique('own');
	const id = `${group}-0`;
	await api.start({ workflow: 'FOLLOW_UP', id, params: sleep, metadata: { group } });
	await api.until({ workflow: 'FOLLOW_UP', id }, 'waiting');
	const [oda, otis] = [
		await openAs(`${unique('oda')}:viewer,operator`),
		await openAs(`${unique('otis')}:viewer,operator`)
	];
	const [runs, bulk] = [new RunsPage(oda), new BulkPage(oda)];
	await runs.open(`group:${group}`);
	await runs.select(id);
	await bulk.choose('Pause');
	await bulk.confirm('Pause 1 run');
	await expect(bulk.jobs).toBeVisible();
	const others = new RunsPage(otis);
	await others.open(`group:${group}`);
	await others.expectStatus(id, 'Paused');
	await expect(new BulkPage(otis).jobs).toHaveCount(0);
});

test('toasts stay clear of the decision bar, and nothing sticks on a short screen', async ({
	openAs,
	api,
	unique
}) => {
	const run = {
		workflow: 'REFUND',
		id: unique('bar'),
		params: { order: 'ORD-1', amount: 180, currency: 'EUR', reason: 'Broken', requestedBy: 'kim' }
	};
	await api.as('olive:viewer,operator').start(run);
	const approval = await api.approvalOf(run);
	const page = await openAs('anna:viewer,approver');
	await page.setViewportSize({ width: 375, height: 667 });
	const ana = new ApprovalPage(page);
	await ana.open(approval);
	await page.getByRole('button', { name: /^Claim/ }).click();
	const toast = page.getByRole('log', { name: 'Notifications' }).getByText('Claimed');
	await expect(toast).toBeVisible();
	const [above, below] = [await toast.boundingBox(), await ana.approve.boundingBox()];
	expect((above?.y ?? 0) + (above?.height ?? 0)).toBeLessThan(below?.y ?? 0);

	// 1280 × 800 at 400 %.
	await page.setViewportSize({ width: 320, height: 200 });
	const positions = await page.evaluate(() =>
		[...document.querySelectorAll<HTMLElement>('.frame *')]
			.filter((element) => {
				const { position, display } = getComputedStyle(element);
				return display !== 'contents' && (position === 'sticky' || position === 'fixed');
			})
			.map((element) => element.className)
	);
	expect(positions.filter((name) => !name.includes('skip') && !name.includes('toaster'))).toEqual(
		[]
	);
});
