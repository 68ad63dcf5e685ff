// Display options of the list: columns, widths, times and order, and the position after going back.
import { RunsPage } from './pages/runs-page';
import { expect, test } from './support/test';

test('chosen, moved and resized columns persist', async ({ page, api, unique }) => {
	const order = unique('order');
	await api.start({
		workflow: 'FOLLOW_UP',
		params: { message: order, after: '1 hour' },
		metadata: { order }
	});
	const runs = new RunsPage(page);
	await runs.open(`order:${order}`);
	await expect(runs.head('Agent')).toBeVisible();
	const settings = await runs.settings();
	await settings.getByRole('checkbox', { name: 'Agent' }).uncheck();
	await settings.getByRole('checkbox', { name: /^order\s+metadata/ }).check();
	await settings.getByRole('button', { name: 'Move Run left' }).click();
	// The first Escape may close the button's tooltip only.
	await expect(async () => {
		await page.keyboard.press('Escape');
		await expect(settings).toBeHidden({ timeout: 2_000 });
	}).toPass();
	await expect(runs.head('Agent')).toBeHidden();
	await expect(runs.table.getByRole('cell', { name: order })).toBeVisible();
	expect((await runs.heads()).slice(1, 4)).toEqual(['Status', 'Run', 'Workflow']);

	const grip = runs.grip('Workflow');
	const width = async () => Number(await grip.getAttribute('aria-valuenow'));
	const usual = await width();
	await grip.hover();
	await page.mouse.down();
	const box = await grip.boundingBox();
	await page.mouse.move((box?.x ?? 0) + 86, (box?.y ?? 0) + 5, { steps: 5 });
	await page.mouse.up();
	await expect.poll(width).toBeGreaterThan(usual + 60);
	const dragged = await width();
	await grip.focus();
	await page.keyboard.press('ArrowLeft');
	await expect.poll(width).toBe(dragged - 16);
	await page.reload();
	await expect.poll(width).toBe(dragged - 16);
	await grip.dblclick();
	await expect.poll(width).toBe(usual);
	expect((await runs.heads()).slice(1, 4)).toEqual(['Status', 'Run', 'Workflow']);
});

test('columns beyond the width of the list scroll horizontally', async ({ page, api, unique }) => {
	const order = unique('order');
	const { id } = await api.start({
		workflow: 'FOLLOW_UP',
		params: { message: order, after: '1 hour' },
		metadata: { order }
	});
	const columns = ['status', 'id', 'agent', 'progress', 'step', 'created', 'started', 'updated'];
	const all = [...columns, 'finished', 'retries', 'by', 'error', 'metadata.order', 'duration'];
	await page.setViewportSize({ width: 1100, height: 700 });
	await page.goto(`/runs?q=order:${order}&columns=${all.join(',')}&zone=UTC`);
	const runs = new RunsPage(page);
	await expect(runs.link(id)).toBeVisible();
	await expect(runs.head('Duration')).not.toBeInViewport();
	await runs.row(id).hover();
	await page.mouse.wheel(4000, 0);
	await expect(runs.head('Duration')).toBeInViewport();
	await expect(runs.table.getByRole('cell', { name: order })).toBeInViewport();
	await runs.link(id).focus();
	await expect(runs.head('Status')).toBeInViewport();
});

test('times are shown in any time zone, to the millisecond', async ({ page, api, unique }) => {
	const order = unique('order');
	const { id, workflow } = await api.start({
		workflow: 'FOLLOW_UP',
		params: { message: order, after: '1 hour' },
		metadata: { order }
	});
	const { startedAt } = await api.until({ workflow, id }, 'waiting');
	const runs = new RunsPage(page);
	await runs.open(`order:${order}`);
	const settings = await runs.settings();
	await settings.getByRole('combobox', { name: 'Times' }).selectOption('Asia/Tokyo');
	await settings.getByRole('combobox', { name: 'Precision' }).selectOption('milliseconds');
	await page.keyboard.press('Escape');
	await expect(page).toHaveURL(/zone=Asia%2FTokyo/);
	const clock = new Intl.DateTimeFormat('en-GB', {
		timeZone: 'Asia/Tokyo',
		timeStyle: 'medium'
	}).format(startedAt ?? 0);
	const ms = String((startedAt ?? 0) % 1000).padStart(3, '0');
	await expect(runs.row(id)).toContainText(`${clock}.${ms} GMT+9`);

	// The zone holds on other pages too, over a reload, and when it comes with a link.
	await runs.link(id).click();
	await expect(page.getByRole('main')).toContainText('GMT+9');
	await page.reload();
	await expect(page.getByRole('main')).toContainText('GMT+9');
	await page.goto(`/runs/${workflow}/${id}?zone=Asia/Kathmandu`);
	await expect(page.getByRole('main')).toContainText('GMT+5:45');
	await expect(page.getByRole('main')).not.toContainText('GMT+9');
});

test('the order is shown, and every order can be chosen', async ({ page, api, unique }) => {
	const order = unique('order');
	const started: string[] = [];
	for (const number of [1, 2]) {
		const { id } = await api.start({
			workflow: 'FOLLOW_UP',
			params: { message: String(number), after: '1 hour' },
			metadata: { order }
		});
		started.push(id);
	}
	const runs = new RunsPage(page);
	await runs.open(`order:${order}`);
	const ids = async () => (await runs.rows()).map((name) => name.split(/[/:]/)[1]);
	const menu = page.getByRole('button', { name: /^Sorted by/ });
	await expect(menu).toHaveAccessibleName('Sorted by created, newest first');
	await expect.poll(ids).toEqual(started.toReversed());
	await menu.click();
	await page.getByRole('menuitemcheckbox', { name: 'Oldest first' }).click();
	await expect(menu).toHaveAccessibleName('Sorted by created, oldest first');
	await expect.poll(ids).toEqual(started);
	for (const name of ['Updated', 'Finished', 'Duration', 'Status', 'Workflow']) {
		await menu.click();
		await page.getByRole('menuitemcheckbox', { name, exact: true }).click();
		await expect(page).toHaveURL(new RegExp(`order=${name.toLowerCase()}%3Aasc`));
	}
});

test('going back from a run restores the position in the list', async ({ page, api, unique }) => {
	const order = unique('order');
	const start = async (message: string) =>
		api.start({ workflow: 'FOLLOW_UP', params: { message, after: '1 hour' }, metadata: { order } });
	const ids: string[] = [];
	for (let number = 1; number <= 40; number += 1) ids.unshift((await start(String(number))).id);
	const runs = new RunsPage(page);
	await runs.open(`order:${order}`);
	await expect(runs.link(ids[0] ?? '')).toBeVisible();
	await runs.table.hover();
	await page.mouse.wheel(0, 700);
	const link = runs.link(ids[20] ?? '');
	await expect(link).toBeInViewport();
	await link.click();
	await expect(page).toHaveURL(new RegExp(`/runs/FOLLOW_UP/${ids[20]}$`));
	const late = await start('late');
	await page.goBack();
	await expect(link).toBeInViewport();
	await expect(runs.pill).toHaveText('1 new');
	await page.keyboard.press('.');
	await expect(runs.link(late.id)).toBeInViewport();
});
