// The list of runs: counts, chips, new rows, the live tail and keys.
import { RunsPage } from './pages/runs-page';
import { expect, test } from './support/test';

test('menus, counts and chips edit one query, and each count is what a click shows', async ({
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

test('new runs wait behind a pill while the pointer is over a row', async ({
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
	await runs.row(first.id).hover();
	const place = await runs.row(first.id).boundingBox();
	const second = await start('second');
	await expect(runs.pill).toHaveText('1 new');
	const third = await start('third');
	await expect(runs.pill).toHaveText('2 new');
	expect(await runs.row(first.id).boundingBox()).toEqual(place);
	expect(await runs.pointedAt()).toContain(first.id);
	// The pointer stays within the list on its way to the pill, so no row moves.
	await runs.pill.hover();
	await expect(runs.pill).toHaveText('2 new');
	await runs.pill.click();
	await expect(runs.link(second.id)).toBeVisible();
	await expect(runs.pill).toBeHidden();
	await expect
		.poll(async () => (await runs.rows()).map((name) => name.split(/[/:]/)[1]))
		.toEqual([third.id, second.id, first.id]);
	// New rows appear immediately while the pointer is elsewhere.
	await runs.row(first.id).hover();
	const fourth = await start('fourth');
	await expect(runs.pill).toHaveText('1 new');
	await runs.query.hover();
	await expect(runs.link(fourth.id)).toBeVisible();
});

test('the live tail shows new runs even while the pointer is over a row', async ({
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
	await page.getByRole('switch', { name: 'Live tail' }).click();
	await runs.row(first.id).hover();
	const second = await start('second');
	await expect(runs.link(second.id)).toBeVisible();
	await expect(runs.pill).toBeHidden();
});

test('keys move, select and open, and a dialog lists them', async ({ page, api, unique }) => {
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
	const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
	await page.keyboard.press('?');
	await expect(sheet).toBeVisible();
	await page.keyboard.press('Escape');
	// Shortcuts work again once the dialog has returned the focus.
	await expect(sheet).toBeHidden();
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

test('an error is underlined in the query, with a correction', async ({ page, api, unique }) => {
	const order = unique('order');
	const { id } = await api.start({
		workflow: 'FOLLOW_UP',
		params: { message: order, after: '1 hour' },
		metadata: { order }
	});
	const runs = new RunsPage(page);
	await runs.open(`order:${order}`);
	await expect(runs.link(id)).toBeVisible();
	// The shortcut works from anywhere on the page.
	await page.getByRole('switch', { name: 'Live tail' }).focus();
	await page.keyboard.press('/');
	await expect(runs.query).toBeFocused();
	await runs.query.fill(`order:${order} status:errord created:soon`);
	await expect(runs.mistakes).toHaveText(['errord', 'soon']);
	await expect(runs.query).toHaveAttribute('aria-invalid', 'true');
	await expect(runs.query).toHaveAccessibleDescription(/errord.*errored/);
	// Each underline is below its own word.
	const [box, mark] = [await runs.query.boundingBox(), await runs.mistakes.first().boundingBox()];
	const before = await runs.widthOf(`order:${order} status:`);
	expect(Math.abs((mark?.x ?? 0) - (box?.x ?? 0) - before)).toBeLessThan(2);
	// A word is not marked while completions for it are shown.
	await runs.query.fill(`order:${order} status:`);
	await expect(page.getByRole('listbox', { name: 'Completions' })).toBeVisible();
	await expect(runs.mistakes).toHaveCount(0);
	await runs.query.press('Escape');
	await expect(runs.mistakes).toHaveCount(1);
	// The previous results stay until the query is valid again.
	await expect(runs.link(id)).toBeVisible();
	await runs.query.fill(`order:${order} status:errored`);
	await expect(runs.mistakes).toHaveCount(0);
	await expect(page.getByRole('heading', { name: 'No runs match' })).toBeVisible();
	// A misspelled field is read as metadata; if nothing matches, the field is suggested.
	await runs.query.fill(`order:${order} statsu:complete`);
	await page.getByRole('button', { name: 'Did you mean status:?' }).click();
	await expect(runs.query).toHaveValue(`order:${order} status:complete`);
	await page.goto('/runs?q=status:errord');
	await expect(page.getByRole('heading', { name: 'Invalid query' })).toBeVisible();
	await page.getByRole('button', { name: 'Clear query' }).last().click();
	await expect(runs.query).toHaveValue('');
	await expect(runs.table).toBeVisible();
});

test('words find metadata, Agents and progress, and what would match is offered', async ({
	page,
	api,
	unique
}) => {
	const order = unique('ORD');
	const params = { order, amount: 5, currency: 'EUR', reason: 'Late', requestedBy: 'kim' };
	const ids = [unique('search-a'), unique('search-b')];
	for (const id of ids) {
		await api.start({ workflow: 'REFUND', id, params });
		await api.untilEnded({ workflow: 'REFUND', id });
	}
	const runs = new RunsPage(page);
	await runs.open();
	await runs.query.pressSequentially(order);
	for (const id of ids) await expect(runs.link(id)).toBeVisible();
	await expect(page.getByRole('heading', { name: 'Runs' })).toBeVisible();

	await test.step('a filter that leaves nothing', async () => {
		await runs.open(`status:terminated ${order}`);
		await expect(page.getByRole('heading', { name: 'No runs match' })).toBeVisible();
		await page.getByRole('button', { name: `2 runs have order = ${order}` }).click();
		for (const id of ids) await expect(runs.link(id)).toBeVisible();
		await expect(runs.query).toHaveValue(`order:${order}`);
	});

	await test.step('a key that is being typed does not empty the list', async () => {
		await runs.open(order);
		await expect(runs.link(ids[0] ?? '')).toBeVisible();
		await runs.query.press('End');
		await runs.query.pressSequentially(' sta');
		await expect(page.getByRole('option', { name: 'status:' })).toBeVisible();
		await expect(page).toHaveURL((url) => url.searchParams.get('q') === order);
		await expect(runs.link(ids[0] ?? '')).toBeVisible();
		await runs.query.press('Enter');
		await expect(page.getByRole('heading', { name: 'No runs match' })).toBeVisible();
	});
});
