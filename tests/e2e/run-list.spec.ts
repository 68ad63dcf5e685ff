// The list of runs as somebody works with it: search, chips, counts, what enters meanwhile, keys.
import { RunsPage } from './pages/runs-page';
import { expect, test } from './support/test';

test('the box completes keys and values with counts, by keys alone', async ({
	page,
	api,
	unique
}) => {
	const order = unique('order');
	await api.start({
		workflow: 'FOLLOW_UP',
		params: { message: order, after: '1 hour' },
		metadata: { order }
	});
	const runs = new RunsPage(page);
	await runs.open();
	await page.keyboard.press('/');
	await expect(runs.query).toBeFocused();
	await runs.query.pressSequentially('ord');
	await expect(page.getByRole('option', { name: /^order:/ })).toBeVisible();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Enter');
	await expect(runs.query).toHaveValue('order:');
	await runs.query.pressSequentially(order.slice(0, 10));
	await expect(page.getByRole('option', { name: `${order} 1` })).toBeVisible();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Enter');
	await expect(runs.query).toHaveValue(`order:${order} `);
	await expect.poll(async () => (await runs.rows()).length).toBe(1);
});

test('a mistake is marked while it is typed, and the last good list stays', async ({
	page,
	api,
	unique
}) => {
	const order = unique('order');
	await api.start({
		workflow: 'FOLLOW_UP',
		params: { message: order, after: '1 hour' },
		metadata: { order }
	});
	const runs = new RunsPage(page);
	await runs.open(`order:${order}`);
	await expect.poll(async () => (await runs.rows()).length).toBe(1);
	await runs.query.press('End');
	await runs.query.pressSequentially(' status:errord');
	await expect(runs.query).toHaveAttribute('aria-invalid', 'true');
	await expect(runs.query).toHaveAccessibleDescription(/did you mean errored/);
	expect(await runs.rows()).toHaveLength(1);
	await page.getByRole('button', { name: 'Remove status:errord' }).click();
	await expect(runs.query).toHaveValue(`order:${order}`);
	await expect(runs.query).toHaveAttribute('aria-invalid', 'false');
});

test('menus, counts and chips change one text, and a count is what a click shows', async ({
	page,
	api,
	unique
}) => {
	const order = unique('order');
	for (const number of [1, 2]) {
		await api.start({
			workflow: 'FOLLOW_UP',
			params: { message: `${order} ${number}`, after: '1 hour' },
			metadata: { order }
		});
	}
	const runs = new RunsPage(page);
	await runs.open(`order:${order}`);
	const waiting = runs.count('Waiting');
	await expect(waiting).toHaveAccessibleName('Waiting 2');
	await waiting.click();
	await expect(runs.query).toHaveValue(`order:${order} status:waiting`);
	await expect(waiting).toHaveAttribute('aria-pressed', 'true');
	await expect(waiting).toHaveAccessibleName('Waiting 2');
	await expect.poll(async () => (await runs.rows()).length).toBe(2);
	await page.getByRole('button', { name: 'Remove status:waiting' }).click();
	await expect(waiting).toHaveAttribute('aria-pressed', 'false');
	await expect(page).toHaveURL(new RegExp(`q=order%3A${order}$`));
});

test('what enters while one points at the list waits behind a pill', async ({
	page,
	api,
	unique
}) => {
	const order = unique('order');
	const start = (message: string) =>
		api.start({ workflow: 'FOLLOW_UP', params: { message, after: '1 hour' }, metadata: { order } });
	const first = await start('first');
	const runs = new RunsPage(page);
	await runs.open(`order:${order}`);
	await runs.expectStatus(first.id, 'Sleeping');
	await runs.row(first.id).hover();
	const before = await runs.row(first.id).boundingBox();
	await start('second');
	await start('third');
	await expect(runs.pill).toHaveText('2 new');
	expect(await runs.row(first.id).boundingBox()).toEqual(before);
	expect(await runs.rows()).toHaveLength(1);
	await page.keyboard.press('.');
	await expect.poll(async () => (await runs.rows()).length).toBe(3);
	await expect(runs.pill).toBeHidden();
});

test('the live tail keeps to the top, whatever is pointed at', async ({ page, api, unique }) => {
	const order = unique('order');
	const start = (message: string) =>
		api.start({ workflow: 'FOLLOW_UP', params: { message, after: '1 hour' }, metadata: { order } });
	const first = await start('first');
	const runs = new RunsPage(page);
	await runs.open(`order:${order}`);
	await page.getByRole('switch', { name: 'Live tail' }).click();
	await runs.row(first.id).hover();
	const second = await start('second');
	await expect(runs.link(second.id)).toBeVisible();
	await expect(runs.pill).toBeHidden();
});

test('keys move, select and open, and a sheet says which', async ({ page, api, unique }) => {
	const order = unique('order');
	const ids: string[] = [];
	for (const number of [1, 2, 3]) {
		const { id } = await api.start({
			workflow: 'FOLLOW_UP',
			params: { message: `${order} ${number}`, after: '1 hour' },
			metadata: { order }
		});
		ids.unshift(id);
	}
	const runs = new RunsPage(page);
	await runs.open(`order:${order}`);
	await expect.poll(async () => (await runs.rows()).length).toBe(3);
	await page.keyboard.press('?');
	await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
	await page.keyboard.press('Escape');
	await page.keyboard.press('j');
	await expect(runs.link(ids[0] ?? '')).toBeFocused();
	await page.keyboard.press('x');
	await page.keyboard.press('j');
	await page.keyboard.press('j');
	await page.keyboard.press('Shift+X');
	const bar = page.getByRole('region', { name: 'Selected runs' });
	await expect(bar).toContainText('3 selected');
	const download = page.waitForEvent('download');
	await bar.getByRole('link', { name: 'NDJSON' }).click();
	expect((await download).suggestedFilename()).toBe('runs.ndjson');
	await page.keyboard.press('k');
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL(new RegExp(`/runs/FOLLOW_UP/${ids[1]}$`));
});
