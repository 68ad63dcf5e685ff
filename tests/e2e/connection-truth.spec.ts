// What a page claims to know while the line or the server is not as it should be.
import { AppShell } from './pages/app-shell';
import { RunPage } from './pages/run-page';
import { RunsPage } from './pages/runs-page';
import { StartPage } from './pages/start-page';
import { Line } from './support/line';
import { textsSeen } from './support/seen';
import { expect, test } from './support/test';

const followUp = (message: string) => ({
	workflow: 'FOLLOW_UP',
	params: { message, after: '1 hour' }
});

/** Changes every object in a frame that is the run with this id. */
function editRun(id: string, changed: object): (text: string) => string {
	return (text) => {
		if (!text.startsWith('{')) return text;
		return JSON.stringify(
			JSON.parse(text, (_, value: unknown) =>
				typeof value === 'object' && value !== null && Reflect.get(value, 'id') === id
					? { ...value, ...changed }
					: value
			)
		);
	};
}

test('after a reconnect the page is not live before its subscriptions are answered', async ({
	page
}) => {
	const line = await Line.of(page);
	const [frame, list] = [new AppShell(page), new RunsPage(page)];
	await list.open();
	await frame.expectMark('Live');
	await line.cut();
	await frame.expectMark(/^Connection: (Reconnecting|Stale)/);
	// Heartbeats and the SDK's own frames go through.
	line.edit((text) => (text.includes('"type":"change"') ? null : text));
	const seen = await textsSeen(frame.mark);
	line.mend();
	await frame.expectMark(/^Connection: Stale since \d/);
	expect((await seen()).filter((text) => text.includes('Live'))).toEqual([]);
	line.edit((text) => text);
	await page.getByRole('button', { name: 'Reconnect' }).click();
	await frame.expectMark('Live');
});

test('words of a newer server are shown as they are, and the page asks to be reloaded', async ({
	page,
	api,
	unique
}) => {
	const [odd, usual] = [unique('odd'), unique('usual')];
	for (const id of [odd, usual]) await api.start({ ...followUp(id), id });
	const line = await Line.of(page);
	line.edit((text) =>
		text.includes('"type":"hello"')
			? text.replace(/"version":"[^"]*"/, '"version":"99.0.0"')
			: editRun(odd, { status: 'hibernating', waitingFor: null })(text)
	);
	const [frame, list] = [new AppShell(page), new RunsPage(page)];
	await list.open(`id:${odd},${usual}`);
	await expect(list.link(odd)).toHaveAccessibleName(`FOLLOW_UP/${odd}: hibernating`);
	await expect(list.link(usual)).toHaveAccessibleName(`FOLLOW_UP/${usual}: Sleeping`);
	await frame.expectMark('Live');
	await expect(page.getByRole('alert')).toContainText('Signalbox was updated');
	await list.link(odd).click();
	await expect(page.getByRole('main')).toContainText('hibernating');
	await expect(page.getByRole('button', { name: 'Reload' })).toBeVisible();
});

test('rows of the filter before are marked while the answer to the new one cannot come', async ({
	page,
	api,
	unique
}) => {
	const id = unique('filtered');
	await api.start({ ...followUp(id), id });
	const line = await Line.of(page);
	const list = new RunsPage(page);
	await list.open(`id:${id}`);
	await expect(list.link(id)).toBeVisible();
	const note = page.getByText('Results of the previous filter');
	await expect(note).toBeHidden();
	await line.cut();
	await list.query.fill(`id:${id} status:errored`);
	await expect(note).toBeVisible();
	line.mend();
	await expect(list.link(id)).toBeHidden();
	await expect(note).toBeHidden();
});

test('a start whose answer was lost, pressed again, is one run', async ({ page, api, unique }) => {
	const message = unique('once');
	const line = await Line.of(page);
	const [frame, form] = [new AppShell(page), new StartPage(page)];
	await form.openExample('FOLLOW_UP');
	await frame.expectMark('Live');
	await form.field('Message').fill(message);
	await form.setOptions({ Metadata: JSON.stringify({ case: message }) });
	const answered = Promise.withResolvers<null>();
	line.edit((text) => {
		if (!text.includes('"type":"rpc"') || !text.includes(message)) return text;
		answered.resolve(null);
		return null;
	});
	await form.start.click();
	await answered.promise;
	await line.cut();
	await expect(page.getByRole('alert').filter({ hasText: 'connection was lost' })).toBeVisible();
	line.edit((text) => text);
	line.mend();
	await frame.expectMark('Live');
	await form.start.click();
	await expect(page).toHaveURL(/\/runs\/FOLLOW_UP\//);
	expect(await api.find(`case:${message}`)).toHaveLength(1);
});

test('without a connection values stand still, actions are off with the reason, and both come back', async ({
	page,
	api,
	unique
}) => {
	const run = { ...followUp('offline'), id: unique('offline') };
	await api.start(run);
	const line = await Line.of(page);
	const [frame, opened] = [new AppShell(page), new RunPage(page)];
	await opened.open(run);
	await frame.expectMark('Live');
	const duration = page.getByRole('main').locator('.duration').first();
	await expect(duration).toBeVisible();
	await expect(opened.action('Pause')).toBeEnabled();

	await line.cut();
	await frame.expectMark(/^Connection: Stale since \d/);
	await expect(page.getByRole('alert')).toContainText('nothing can be changed until it is back');
	await expect(opened.action('Pause')).toHaveAttribute('aria-disabled', 'true');
	await expect(opened.action('Pause')).toHaveAccessibleDescription(
		'There is no connection to the server'
	);
	expect(
		await page.locator('main > .page').evaluate((main) => getComputedStyle(main).opacity)
	).toBe('0.7');
	// Two ticks of the page's clock later nothing has moved.
	const before = await duration.textContent();
	await page.evaluate(() => new Promise((done) => setTimeout(done, 2_500)));
	expect(await duration.textContent()).toBe(before);

	line.mend();
	await frame.expectMark('Live');
	await expect(opened.action('Pause')).not.toHaveAttribute('aria-disabled', 'true');
	await expect(duration).not.toHaveText(before ?? '');
});

test('a page that is first visited without a connection opens as soon as there is one', async ({
	page
}) => {
	const [frame, list] = [new AppShell(page), new RunsPage(page)];
	await list.open();
	await frame.expectMark('Live');
	await page.context().setOffline(true);
	await page.getByRole('link', { name: 'Fleet' }).click();
	await expect(page.getByRole('heading', { name: 'No connection' })).toBeVisible();
	await expect(page.getByRole('navigation', { name: 'Pages' })).toBeVisible();
	await page.context().setOffline(false);
	await expect(page.getByRole('heading', { name: 'Fleet' })).toBeVisible();
});
