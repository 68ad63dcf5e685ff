import { RunPage } from './pages/run-page';
import { expect, test } from './support/test';

const LATER = { message: 'Later', after: '2 hours' };

test('a terminate says what it does, can be undone by somebody else, and Shift does it at once', async ({
	page,
	api,
	unique,
	openAs
}) => {
	const ref = { workflow: 'FOLLOW_UP', id: unique('undo') };
	await api.start({ ...ref, params: LATER });
	await api.until(ref, 'waiting');
	const run = new RunPage(page);
	await run.open(ref);
	await run.action('Pause').hover();
	await expect(page.getByRole('tooltip')).toContainText('the run waits until it is resumed');

	await run.action('Terminate').click();
	const dialog = page.getByRole('dialog');
	await expect(dialog).toContainText('starts no further steps');
	await expect(dialog).toContainText('You can undo this for 5 seconds');
	await dialog.getByRole('button', { name: 'Cancel' }).click();

	const other = new RunPage(await openAs('olga:viewer,operator'));
	await other.open(ref);
	await run.actUndoable('Terminate');
	await expect(run.undoNotice).toContainText(/Terminating in [1-5] s · requested by you/);
	await other.undoNotice.getByRole('button', { name: 'Undo' }).click();
	await expect(run.undoNotice).toBeHidden();
	await expect(other.undoNotice).toBeHidden();
	await run.expectStatus('Sleeping');

	await run.actUndoable('Terminate');
	await expect(run.undoNotice).toBeVisible();
	await run.expectStatus('Terminated');
	await expect(run.undoNotice).toBeHidden();

	await run.act('Restart');
	await expect(run.generation(2)).toHaveAttribute('aria-current', 'page');
	await expect(run.undoNotice).toBeHidden();
	await api.ask('POST', `/runs/${ref.workflow}/${ref.id}/terminate`);
});

test('a terminate has a reason, which is required where the server says so', async ({
	page,
	api,
	unique
}) => {
	const ref = { workflow: 'FOLLOW_UP', id: unique('reason') };
	await api.start({ ...ref, params: LATER });
	await api.until(ref, 'waiting');
	const { body: me } = await api.ask('GET', '/me');
	const json = { ...Object(me), reasonRequired: ['run.terminate'] };
	await page.route('**/api/v1/me', (route) => route.fulfill({ json }));
	const run = new RunPage(page);
	await run.open(ref);
	await run.action('Terminate').click();
	const dialog = page.getByRole('dialog');
	const button = dialog.getByRole('button', { name: 'Terminate', exact: true });
	await button.click({ modifiers: ['Shift'] });
	await expect(dialog).toContainText('A reason is required');
	await dialog.getByRole('textbox', { name: 'Reason' }).fill('ordered twice');
	await button.click({ modifiers: ['Shift'] });
	await run.expectStatus('Terminated');
	const activity = page.getByRole('region', { name: 'Activity' });
	await expect(activity).toContainText('terminated the run: “ordered twice”');
});

test('a paused run says who paused it and is resumed where it says so; all of it is on record', async ({
	page,
	api,
	unique
}) => {
	const ref = { workflow: 'FOLLOW_UP', id: unique('paused') };
	await api.start({ ...ref, params: LATER });
	await api.until(ref, 'waiting');
	const run = new RunPage(page);
	await run.open(ref);
	await api.as('olga:operator').ask('POST', `/runs/${ref.workflow}/${ref.id}/pause`);
	const why = page.getByRole('note').filter({ hasText: 'Paused by olga' });
	await expect(why).toContainText('at sleep-until-due');
	await why.getByRole('button', { name: 'Resume' }).click();
	await run.expectStatus('Sleeping');
	const entries = page.getByRole('region', { name: 'Activity' }).getByRole('listitem');
	// The Agent may have repaired the SDK's row in between, which is recorded too.
	const own = entries.filter({ hasNotText: 'row of the SDK' });
	await expect(own).toHaveText([/^you resumed the/, /^olga paused the/, /^you started the/]);
	await api.ask('POST', `/runs/${ref.workflow}/${ref.id}/terminate`);
});

test('a run shows its family, runs like it, and how long is usual', async ({
	page,
	api,
	unique
}) => {
	const ref = { workflow: 'STOCK_COUNT', id: unique('family') };
	await api.start({ ...ref, params: { aisles: ['aisle-1', 'aisle-2'] } });
	const run = new RunPage(page);
	await run.open(ref);
	const family = page.getByRole('list', { name: 'Parent and child runs' }).getByRole('listitem');
	await expect(family).toHaveCount(3);
	await expect(family.nth(1)).toContainText('Complete');
	await family.nth(1).getByRole('link').click();
	await expect(run.heading(`${ref.id}_aisle-1`)).toBeVisible();
	await expect(family).toHaveCount(2);
	await expect(family.first()).toContainText(ref.id);
	const similar = page.getByRole('region', { name: 'Similar runs' });
	await expect(similar.getByRole('listitem').first()).toContainText('aisle');
	await expect(page.getByText(/usually .* \(last /)).toBeVisible();
});
