// The list of runs as somebody works with it: counts, chips, the live tail, keys.
import { RunsPage } from './pages/runs-page';
import { expect, test } from './support/test';

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

test('what arrives while a row is pointed at waits behind a pill', async ({
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
	// The way to the pill lies within the list: nothing moves until it is pressed.
	await runs.pill.hover();
	await expect(runs.pill).toHaveText('2 new');
	await runs.pill.click();
	await expect(runs.link(second.id)).toBeVisible();
	await expect(runs.pill).toBeHidden();
	await expect
		.poll(async () => (await runs.rows()).map((name) => name.split(/[/:]/)[1]))
		.toEqual([third.id, second.id, first.id]);
	// Away from the list there is nothing to disturb.
	await runs.row(first.id).hover();
	const fourth = await start('fourth');
	await expect(runs.pill).toHaveText('1 new');
	await runs.query.hover();
	await expect(runs.link(fourth.id)).toBeVisible();
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
	const sheet = page.getByRole('dialog', { name: 'Keys' });
	await page.keyboard.press('?');
	await expect(sheet).toBeVisible();
	await page.keyboard.press('Escape');
	// Keys are the page's again once the sheet has given the focus back.
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

test('a mistake is underlined where it is, with what would be right', async ({
	page,
	api,
	unique
}) => {
	const order = unique('order');
	const { id } = await api.start({
		workflow: 'FOLLOW_UP',
		params: { message: order, after: '1 hour' },
		metadata: { order }
	});
	const runs = new RunsPage(page);
	await runs.open(`order:${order}`);
	await expect(runs.link(id)).toBeVisible();
	// The search is at hand from anywhere on the page.
	await page.getByRole('switch', { name: 'Live tail' }).focus();
	await page.keyboard.press('/');
	await expect(runs.query).toBeFocused();
	await runs.query.fill(`order:${order} status:errord created:soon`);
	await expect(runs.mistakes).toHaveText(['errord', 'soon']);
	await expect(runs.query).toHaveAttribute('aria-invalid', 'true');
	await expect(runs.query).toHaveAccessibleDescription(/errord.*errored/);
	// Each mark lies under its own word.
	const [box, mark] = [await runs.query.boundingBox(), await runs.mistakes.first().boundingBox()];
	const before = await runs.widthOf(`order:${order} status:`);
	expect(Math.abs((mark?.x ?? 0) - (box?.x ?? 0) - before)).toBeLessThan(2);
	// What is being typed is not wrong yet while there is something to complete it with.
	await runs.query.fill(`order:${order} status:`);
	await expect(page.getByRole('listbox', { name: 'Completions' })).toBeVisible();
	await expect(runs.mistakes).toHaveCount(0);
	await runs.query.press('Escape');
	await expect(runs.mistakes).toHaveCount(1);
	// What was found before stays until the text can be read again.
	await expect(runs.link(id)).toBeVisible();
	await runs.query.fill(`order:${order} status:errored`);
	await expect(runs.mistakes).toHaveCount(0);
	await expect(page.getByRole('heading', { name: 'No runs match' })).toBeVisible();
	// A field's name that is misspelt is read as metadata: where nothing matches, it is said.
	await runs.query.fill(`order:${order} statsu:complete`);
	await page.getByRole('button', { name: 'Did you mean status:?' }).click();
	await expect(runs.query).toHaveValue(`order:${order} status:complete`);
	await page.goto('/runs?q=status:errord');
	await expect(page.getByRole('heading', { name: 'Invalid query' })).toBeVisible();
	await page.getByRole('button', { name: 'Clear query' }).last().click();
	await expect(runs.query).toHaveValue('');
	await expect(runs.table).toBeVisible();
});
