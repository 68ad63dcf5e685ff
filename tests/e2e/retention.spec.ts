// Purges and retention policies as admins use them, on the runs of an older version's data.
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from '@playwright/test';
import { AdminPage } from './pages/admin-page';
import { Api } from './support/api';
import { Server } from './support/server';
import { expect, test } from './support/test';

/** Five runs in it have ended, days ago. */
const OLD = { archive: 'tests/fixtures/state-0.1.0.tgz', packedAt: Date.UTC(2026, 10, 20, 7, 50) };
const ADMIN = 'adam:viewer,admin';
const SECOND_ADMIN = 'bea:viewer,approver,admin';
const OPERATOR = 'olive:viewer,operator';

type Opened = { page: Page; close: () => Promise<void> };

async function openAs(browser: Browser, server: Server, person: string): Promise<Opened> {
	const context = await browser.newContext({ baseURL: server.origin, acceptDownloads: true });
	const value = encodeURIComponent(person);
	await context.addCookies([{ name: 'local_identity', value, url: server.origin }]);
	return { page: await context.newPage(), close: () => context.close() };
}

async function preview(page: Page, query: string): Promise<void> {
	const admin = new AdminPage(page);
	await admin.open();
	await admin.query.fill(query);
	await admin.preview.click();
}

async function confirm(page: Page, runs: number): Promise<void> {
	await page.getByRole('button', { name: `Purge ${runs} runs` }).click();
	const dialog = page.getByRole('dialog');
	await dialog.getByRole('textbox', { name: `Type ${runs} to confirm` }).fill(String(runs));
	await dialog.getByRole('button', { name: `Purge ${runs} runs` }).click();
}

test('an admin previews, exports, confirms, pauses, resumes and aborts; a second one approves', async ({
	browser
}) => {
	const server = await Server.onFreePort({ PURGE_APPROVAL_ABOVE: '3' });
	const api = new Api(server.origin);
	const opened: Opened[] = [];
	const open = async (person: string): Promise<Page> => {
		const next = await openAs(browser, server, person);
		opened.push(next);
		return next.page;
	};
	try {
		server.unpack(OLD.archive, OLD.packedAt);
		await server.start();
		const page = await open(ADMIN);
		const purge = new AdminPage(page).panel('Purge');

		await test.step('an operator pins a run', async () => {
			const operator = await open(OPERATOR);
			await operator.goto('/runs/REFUND/refund-rejected');
			await operator.getByRole('button', { name: 'More actions' }).click();
			await operator.getByRole('menuitem', { name: 'Pin run' }).click();
			await expect(operator.getByText('Pinned', { exact: true })).toBeVisible();
			await operator.goto('/runs?q=is:pinned');
			await expect(operator.getByRole('link', { name: /refund-rejected/ }).first()).toBeVisible();
		});

		await test.step('the preview says what goes, what stays and why', async () => {
			await preview(page, 'is:ended');
			const panel = new AdminPage(page).panel('4 runs will be deleted');
			await expect(panel.getByRole('list', { name: 'By status' })).toContainText(/Complete\s*4/);
			await expect(panel).toContainText('1 is pinned');
			await expect(panel).toContainText('A second admin must approve');
			const download = page.waitForEvent('download');
			await panel.getByRole('link', { name: 'Export', exact: true }).click();
			const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\n');
			expect(lines.map((line) => (JSON.parse(line) as { id: string }).id).toSorted()).toEqual([
				'count-1',
				'count-1_dairy',
				'import-1',
				'refund-approved'
			]);
		});

		await test.step('the purge waits, is paused, resumed and aborted, and deletes nothing', async () => {
			await confirm(page, 4);
			await expect(purge).toContainText('Waiting for a second admin');
			await purge.getByRole('button', { name: 'Pause' }).click();
			await expect(purge.getByText('Paused', { exact: true })).toBeVisible();
			await purge.getByRole('button', { name: 'Resume' }).click();
			await expect(purge).toContainText('Waiting for a second admin');
			await purge.getByRole('button', { name: 'Abort' }).click();
			await page.getByRole('dialog').getByRole('button', { name: 'Abort' }).click();
			await expect(purge).toContainText('Aborted by adam');
			await expect(purge).toContainText('0 of 4 runs deleted');
			expect((await api.find('is:ended workflow:CATALOG_IMPORT')).length).toBe(1);
		});

		await test.step('a second admin approves, and exactly the confirmed runs go', async () => {
			await preview(page, 'is:ended -workflow:PURGE');
			await confirm(page, 4);
			await expect(purge).toContainText('Waiting for a second admin');
			await expect(purge.getByRole('link', { name: 'Open the approval' })).toBeVisible();
			const second = await open(SECOND_ADMIN);
			const path = await purge
				.getByRole('link', { name: 'Open the approval' })
				.getAttribute('href');
			await second.goto(path ?? '');
			await expect(second.getByRole('main')).toContainText('Delete 4 runs');
			await second
				.getByRole('button', { name: /^Approve/ })
				.first()
				.click();
			await expect(purge).toContainText('4 of 4 runs deleted');
			await expect(purge.getByText('Complete', { exact: true })).toBeVisible();
			expect(await api.find('is:pinned')).toHaveLength(1);
		});

		await test.step('what is left says who deleted it', async () => {
			await page.reload();
			const history = page.getByRole('list', { name: 'Deletion history' });
			await expect(history.getByRole('listitem')).toHaveCount(2);
			await expect(history).toContainText('Aborted');
			await page.goto('/runs/CATALOG_IMPORT/import-1');
			await expect(page.getByRole('main')).toContainText('adam started the purge');
		});
	} finally {
		for (const { close } of opened) await close();
		await server.dispose();
	}
});

test('a retention policy is tried, saved, fires by itself, and is switched off', async ({
	browser
}) => {
	const server = await Server.onFreePort();
	const api = new Api(server.origin);
	server.unpack(OLD.archive, OLD.packedAt);
	await server.start();
	const { page, close } = await openAs(browser, server, ADMIN);
	try {
		await page.goto('/admin?tab=retention');
		await expect(page.getByRole('main')).toContainText('No policies');
		await page.getByRole('button', { name: 'Use the suggested policy' }).click();
		await page.getByRole('textbox', { name: 'Query' }).fill('');
		await page.getByRole('textbox', { name: 'Ended more than' }).fill('1h');
		await page.getByRole('textbox', { name: 'Schedule' }).fill('every minute');
		await page.getByRole('button', { name: 'Dry run' }).click();
		await expect(page.getByRole('main')).toContainText('cron expression of five fields');
		await page.getByRole('textbox', { name: 'Schedule' }).fill('* * * * *');
		await page.getByRole('button', { name: 'Dry run' }).click();
		await expect(page.getByRole('region', { name: 'Dry run' })).toContainText(
			'5 runs would be deleted today'
		);
		await page.getByRole('button', { name: 'Save policy' }).click();
		const list = page.getByRole('list', { name: 'Retention policies' });
		await expect(list).toContainText('Every run that ended more than 1h ago');

		// The alarm fires within a minute, and the page follows by itself.
		await expect(list).toContainText('deleted', { timeout: 180_000 });
		await expect
			.poll(async () => (await api.ask('GET', '/runs/CATALOG_IMPORT/import-1')).status)
			.toBe(404);
		await page.goto('/runs/CATALOG_IMPORT/import-1');
		await expect(page.getByRole('main')).toContainText('retention policy');
		await page.goto('/admin?tab=retention');
		await list.getByRole('button', { name: /^Turn off/ }).click();
		await expect(list.getByText('Off', { exact: true })).toBeVisible();
	} finally {
		await close();
		await server.dispose();
	}
});
