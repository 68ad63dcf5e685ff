import { RunPage } from './pages/run-page';
import { RunsPage } from './pages/runs-page';
import { StartPage } from './pages/start-page';
import { expect, test } from './support/test';

const refund = {
	order: 'ORD-1',
	amount: 10,
	currency: 'EUR',
	reason: 'Arrived broken',
	requestedBy: 'kim@example.com'
};

test('params that do not fit are named at their fields, and nothing is started', async ({
	page,
	api,
	unique
}) => {
	const start = new StartPage(page);
	const id = unique('wrong');
	await start.openExample('REFUND');
	await start.field('Order').fill('');
	await start.field('Amount').fill('ten');
	await start.setOptions({ ID: id });
	await start.start.click();
	for (const name of ['Order', 'Amount']) {
		await expect(start.field(name)).toHaveAttribute('aria-invalid', 'true');
	}
	await expect(start.field('Reason')).not.toHaveAttribute('aria-invalid', 'true');

	await start.field('Order').fill('ORD-7');
	await start.field('Amount').fill('-3');
	await start.start.click();
	await expect(start.field('Order')).not.toHaveAttribute('aria-invalid', 'true');
	await expect(start.field('Amount')).toHaveAttribute('aria-invalid', 'true');
	expect((await api.ask('GET', `/runs/REFUND/${id}`)).status).toBe(404);

	await start.field('Amount').fill('12.50');
	await start.start.click();
	await expect(new RunPage(page).heading(id)).toBeVisible();
	expect((await api.untilEnded({ workflow: 'REFUND', id })).params).toMatchObject({
		order: 'ORD-7',
		amount: 12.5
	});
});

test('a form starts empty, and what is typed survives a reload', async ({ page, api, unique }) => {
	const start = new StartPage(page);
	const id = unique('draft');
	await start.open('REFUND');
	await expect(start.field('Order')).toHaveValue('');
	await start.setOptions({ ID: id });
	await start.start.click();
	await expect(start.field('Order')).toHaveAttribute('aria-invalid', 'true');
	expect((await api.ask('GET', `/runs/REFUND/${id}`)).status).toBe(404);

	await start.field('Order').fill('ORD-9');
	await start.field('Amount').fill('1x');
	await page.reload();
	await expect(start.field('Order')).toHaveValue('ORD-9');
	await expect(start.field('Amount')).toHaveValue('1x');
	await page.getByText('Agent, ID and metadata').click();
	await expect(start.field('ID')).toHaveValue(id);

	await page.getByRole('button', { name: 'Clear the form' }).click();
	await expect(start.field('Order')).toHaveValue('');
	await page.getByRole('button', { name: 'Fill in the example' }).click();
	await expect(start.field('Order')).not.toHaveValue('');
	await start.setOptions({ ID: id });
	await start.start.click();
	await expect(new RunPage(page).heading(id)).toBeVisible();
	await start.open('REFUND');
	await expect(start.field('Order')).toHaveValue('');
});

test('an id that is used already is refused at its field', async ({ page, api, unique }) => {
	const id = unique('taken');
	await api.start({ workflow: 'REFUND', id, params: refund });
	const start = new StartPage(page);
	await start.openExample('REFUND');
	await start.setOptions({ ID: id });
	await start.start.click();

	await expect(page.getByRole('alert').filter({ hasText: 'ID already in use' })).toContainText(id);
	await expect(start.field('Order')).not.toHaveValue('');
	await expect(page).toHaveURL(/\/workflows\?workflow=REFUND$/);
});

test('options that cannot be read are named before anything is sent', async ({ page, unique }) => {
	const start = new StartPage(page);
	await start.openExample('REFUND');
	await start.setOptions({ Agent: 'nonsense', ID: 'a b', Metadata: '{"region": ' });
	await start.start.click();
	for (const name of ['Agent', 'ID', 'Metadata']) {
		await expect(start.field(name)).toHaveAttribute('aria-invalid', 'true');
	}

	await start.setOptions({
		Agent: 'store-agent/austin',
		ID: unique('options'),
		Metadata: '{"region": "eu"}'
	});
	await start.start.click();
	const main = page.getByRole('main');
	await expect(main).toContainText('store-agent/austin');
	await expect(main).toContainText('region');
});

test('a run that nobody knows is said to be unknown', async ({ page, unique }) => {
	await page.goto(`/runs/REFUND/${unique('nobody')}`);
	await expect(page.getByRole('heading', { name: 'Run not found' })).toBeVisible();
	await page.getByRole('link', { name: 'Runs of REFUND' }).click();
	await expect(page).toHaveURL(/\/runs\?q=workflow:REFUND$/);
});

test('a page that is not there says so, inside the frame', async ({ page }) => {
	await page.goto('/nothing/here');
	await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible();
	await expect(page.getByRole('navigation', { name: 'Pages' })).toBeVisible();
});

test('a query that cannot be read says where it is wrong', async ({ page }) => {
	const runs = new RunsPage(page);
	await runs.open('status:nonsense');
	const box = page.getByRole('combobox', { name: 'Query' });
	await expect(box).toHaveAttribute('aria-invalid', 'true');
	await expect(box).toHaveAccessibleDescription(/nonsense/);
	await page.getByRole('main').getByRole('button', { name: 'Clear query' }).last().click();
	await expect(box).toHaveValue('');
	await expect(page).toHaveURL(/\/runs$/);
});
