import { readFileSync } from 'node:fs';
import { RunPage } from './pages/run-page';
import { expect, test } from './support/test';

const WAITING = {
	order: 'ORD-1',
	amount: 500,
	currency: 'EUR',
	reason: 'Broken',
	requestedBy: 'kim@example.com'
};

test('a restart keeps the previous generation, and never mixes the two', async ({
	page,
	api,
	unique
}) => {
	const ref = { workflow: 'REFUND', id: unique('again') };
	await api.start({ ...ref, params: WAITING });
	await api.approvalOf(ref);
	const run = new RunPage(page);
	await run.open(ref);
	await expect(run.generation(1)).toHaveCount(0);
	await run.act('Restart');
	await expect(run.generation(2)).toHaveAttribute('aria-current', 'page');
	await api.until(ref, 'waiting');

	await run.generation(1).click();
	await expect(page).toHaveURL(/generation=1$/);
	const previous = page.getByRole('note').filter({ hasText: 'Generation 1 of 2' });
	await expect(previous).toContainText('Interrupted by a restart');
	await expect(previous).toContainText('Current status: Waiting');
	await expect(run.step(/^wait-for-approval, .*cancelled/)).toBeVisible();
	await expect(run.action('Restart')).toHaveCount(0);

	await run.step(/^validate-refund/).click();
	await expect(page).toHaveURL(/step=step%3Avalidate-refund-1/);
	await expect(page).toHaveURL(/generation=1/);
	await page.reload();
	await expect(run.stepPanel('validate-refund')).toBeVisible();
	await expect(previous).toBeVisible();

	await api.ask('POST', `/runs/${ref.workflow}/${ref.id}/terminate`);
	await expect(previous).toContainText('Current status: Terminated');
	await expect(run.step(/^wait-for-approval, .*cancelled/)).toBeVisible();

	await page.goto(`/runs/${ref.workflow}/${ref.id}?generation=7`);
	await expect(page.getByText('This run has no generation 7')).toBeVisible();
});

test('a run is restarted from a step, and the steps before it keep their results', async ({
	page,
	api,
	unique
}) => {
	const ref = { workflow: 'REFUND', id: unique('from-step') };
	await api.start({ ...ref, params: WAITING });
	await api.approvalOf(ref);
	const before = await api.events(ref);

	const run = new RunPage(page);
	await run.open(ref);
	await run.step(/^request-approval/).click();
	await page.getByRole('button', { name: 'Restart from this step' }).click();
	const dialog = page.getByRole('dialog');
	await expect(dialog).toContainText('1 earlier step keeps its result');
	await dialog.getByRole('button', { name: 'Restart', exact: true }).click();

	await expect(run.generation(2)).toHaveAttribute('aria-current', 'page');
	await expect(page).not.toHaveURL(/step=/);
	await run.expectStatus('Waiting');
	const isFirstStep = ({ type, stepName }: { type: string; stepName?: unknown }) =>
		type === 'step_completed' && stepName === 'validate-refund-1';
	expect((await api.events(ref)).find(isFirstStep)).toEqual(before.find(isFirstStep));
});

test('a large value is loaded on request', async ({ page, api, unique }) => {
	const ref = { workflow: 'CATALOG_IMPORT', id: unique('large') };
	const text = readFileSync('data/catalog-5000.csv', 'utf8');
	await api.start({ ...ref, params: { source: { text }, format: 'csv' } });
	const run = new RunPage(page);
	await run.open(ref);
	const params = page.getByRole('group', { name: 'Params' });
	await expect(params).not.toContainText('sku,name,price');
	await params.getByRole('button', { name: /^Load \d+ kB$/ }).click();
	await expect(params).toContainText('sku,name,price');

	await page.getByRole('tab', { name: /^History/ }).click();
	await page.getByRole('button', { name: /workflow started/ }).click();
	const event = page.getByRole('group', { name: 'Event 2' });
	await event.getByRole('button', { name: /^Load \d+ kB$/ }).click();
	await expect(event).toContainText('sku,name,price');
});

test('a deleted run says by whom and when', async ({ page, api, unique }) => {
	const ref = { workflow: 'REFUND', id: unique('deleted') };
	await api.start({ ...ref, params: { ...WAITING, amount: 5 } });
	await api.untilEnded(ref);
	const run = new RunPage(page);
	await run.open(ref);
	await run.expectStatus('Complete');
	await api.as('adam:viewer,admin').ask('DELETE', `/runs/${ref.workflow}/${ref.id}`);
	await expect(page.getByText(/^This run was deleted by adam/)).toBeVisible();
	await page.reload();
	await expect(page.getByRole('heading', { name: 'Run deleted' })).toBeVisible();
	await expect(page.getByText(/was deleted by adam/)).toBeVisible();
});

test('durations go by the server when the clock of the browser is an hour wrong', async ({
	page,
	api,
	unique
}) => {
	const ref = { workflow: 'FOLLOW_UP', id: unique('clock') };
	await page.clock.install({ time: Date.now() + 3_600_000 });
	await api.start({ ...ref, params: { message: 'Later', after: '2 hours' } });
	const run = new RunPage(page);
	await run.open(ref);
	await expect(run.step(/^sleep-until-due, sleep, sleeping, \d+(\.\d)? s$/)).toBeVisible();
	await expect(page.getByRole('note')).toContainText(/(1 h 59 m|2 h 00 m) left/);
});

test('a similar run starts with the same params', async ({ page, api, unique }) => {
	const ref = { workflow: 'REFUND', id: unique('like-this') };
	await api.start({ ...ref, params: { ...WAITING, amount: 7 } });
	await api.untilEnded(ref);
	await new RunPage(page).open(ref);
	await page.getByRole('button', { name: 'More actions' }).click();
	await page.getByRole('menuitem', { name: 'Start a similar run' }).click();
	await expect(page.getByText(/^Params copied from/)).toBeVisible();
	await expect(page.getByRole('textbox', { name: 'Amount' })).toHaveValue('7');
	const beside = page.getByRole('region', { name: 'Compare with the original params' });
	await expect(beside).toContainText('No changes');
	await page.getByRole('textbox', { name: 'Amount' }).fill('8');
	await expect(beside).toContainText('1 value changed');
	await expect(beside.getByRole('row', { name: 'Changed: amount 7 8' })).toBeVisible();
	await page.reload();
	await expect(beside).toContainText('1 value changed');
	await page.getByRole('button', { name: 'Undo my changes' }).click();
	await expect(beside).toContainText('No changes');
	await page.getByRole('button', { name: 'Start', exact: true }).click();
	await expect(page).toHaveURL(/\/runs\/REFUND\/(?!like-this)/);
});
