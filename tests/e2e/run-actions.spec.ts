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
	await expect(page.getByRole('tooltip')).toContainText(
		'nothing more is begun until it is resumed'
	);

	await run.action('Terminate').click();
	const dialog = page.getByRole('dialog');
	await expect(dialog).toContainText('takes no further step');
	await expect(dialog).toContainText('It can be undone for 5 s');
	await dialog.getByRole('button', { name: 'Cancel' }).click();

	const other = new RunPage(await openAs('olga:viewer,operator'));
	await other.open(ref);
	await run.hold('Terminate');
	await expect(run.held).toContainText(/Terminating in [1-5] s · asked for by you/);
	await other.held.getByRole('button', { name: 'Undo' }).click();
	await expect(run.held).toBeHidden();
	await expect(other.held).toBeHidden();
	await run.expectStatus('Sleeping');

	await run.hold('Terminate');
	await expect(run.held).toBeVisible();
	await run.expectStatus('Terminated', 15_000);
	await expect(run.held).toBeHidden();

	await run.act('Restart');
	await expect(run.generation(2)).toHaveAttribute('aria-current', 'page');
	await expect(run.held).toBeHidden();
	await api.ask('POST', `/runs/${ref.workflow}/${ref.id}/terminate`);
});
