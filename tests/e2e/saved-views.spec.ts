// Saved views: creating, editing, sharing and deleting.
import { RunsPage } from './pages/runs-page';
import { SavedViews } from './pages/saved-views';
import { expect, test } from './support/test';

test('a view is saved from the list, counts live and shows when it was edited', async ({
	page,
	api,
	unique
}) => {
	const order = unique('order');
	const name = unique('Mine');
	const start = () =>
		api.start({
			workflow: 'FOLLOW_UP',
			params: { message: order, after: '1 hour' },
			metadata: { order }
		});
	const first = await start();
	const runs = new RunsPage(page);
	const views = new SavedViews(page);
	await runs.open(`order:${order}`);
	await views.button('Save view…').click();
	await views.name(name);
	await expect(views.tab(name)).toHaveAccessibleName(`${name} 1`);
	await expect(views.tab(name)).toHaveAttribute('aria-current', 'page');
	await expect(page).toHaveURL(/view=view_/);
	await start();
	await expect(views.tab(name)).toHaveAccessibleName(`${name} 2`);

	// An edited view can be reset or saved.
	await runs.query.fill(`order:${order} status:waiting`);
	await expect(views.tab(name)).toHaveAccessibleName(`${name} 2 edited`);
	await views.button('Reset').click();
	await expect(runs.query).toHaveValue(`order:${order}`);
	await expect(views.tab(name)).toHaveAccessibleName(`${name} 2`);
	await runs.query.fill(`id:${first.id}`);
	await expect(views.tab(name)).toHaveAccessibleName(`${name} 2 edited`);
	await views.button('Save').click();
	await expect(views.tab(name)).toHaveAccessibleName(`${name} 1`);

	// The tab and a link that names only the view both open it.
	await views.tab('All runs').click();
	await expect(runs.query).toHaveValue('');
	await views.tab(name).click();
	await expect(runs.query).toHaveValue(`id:${first.id}`);
	const id = new URL(page.url()).searchParams.get('view');
	await page.goto(`/runs?view=${id}`);
	await expect(runs.query).toHaveValue(`id:${first.id}`);
	await expect(runs.link(first.id)).toBeVisible();
	await expect.poll(async () => (await runs.rows()).length).toBe(1);

	await views.choose('Delete…');
	await views.page.getByRole('button', { name: 'Delete', exact: true }).click();
	await expect(views.tab(name)).toBeHidden();
	await expect(runs.query).toHaveValue('');
});

test('others see a shared view with a badge and edit a copy', async ({ openAs, api, unique }) => {
	const order = unique('order');
	const name = unique('Ours');
	const metadata = { order };
	const params = { message: order, after: '1 hour' };
	await api.start({ workflow: 'FOLLOW_UP', params, metadata });
	const otto = await openAs('otto:viewer,operator');
	const ottos = new SavedViews(otto);
	await new RunsPage(otto).open(`order:${order}`);
	await ottos.button('Save view…').click();
	await ottos.name(name, { shared: true, badge: true });
	await expect(ottos.badge(name)).toHaveAccessibleName(`${name} 1`);

	const vera = await openAs('vera:viewer');
	const veras = new SavedViews(vera);
	await vera.goto('/runs');
	await expect(veras.tab('All runs')).toBeVisible();
	await veras.choose(name);
	await expect(new RunsPage(vera).query).toHaveValue(`order:${order}`);
	// Once pinned, its badge is on every page.
	await expect(veras.badge(name)).toBeHidden();
	await veras.choose('Pin');
	await expect(veras.badge(name)).toHaveAccessibleName(`${name} 1`);
	await api.start({ workflow: 'FOLLOW_UP', params, metadata });
	await expect(veras.badge(name)).toHaveAccessibleName(`${name} 2`);

	// She may save only a copy, and a viewer cannot share it.
	await new RunsPage(vera).query.fill(`order:${order} status:waiting`);
	await expect(veras.button('Save as…')).toBeVisible();
	await expect(veras.button('Save')).toBeHidden();
	await veras.button('Save as…').click();
	await expect(veras.dialog.getByRole('checkbox', { name: /^Share with everyone/ })).toBeDisabled();
	await veras.name(`${name} copy`);
	await expect(veras.tab(`${name} copy`)).toHaveAttribute('aria-current', 'page');

	// The owner's changes appear immediately.
	await ottos.choose('Edit…');
	await ottos.name(`${name} renamed`);
	await expect(veras.badge(`${name} renamed`)).toBeVisible();
	await ottos.choose('Delete…');
	await otto.getByRole('button', { name: 'Delete', exact: true }).click();
	await expect(veras.badge(`${name} renamed`)).toBeHidden();
});
