import { expect, test } from './support/test';

test('the audit goes back beyond its first page, and keeps what is above', async ({
	page,
	api,
	unique
}) => {
	const name = unique('vic');
	const vic = api.as(`${name}:viewer`);
	const refusals = (from: number, to: number) =>
		Promise.all(
			Array.from({ length: to - from }, (_none, index) =>
				vic.ask('POST', `/runs/REFUND/${name}-${from + index}/pause`)
			)
		);
	await refusals(0, 1);
	for (let from = 1; from < 211; from += 30) await refusals(from, Math.min(211, from + 30));
	await page.goto(`/admin?tab=audit&q=by:${name}`);
	const rows = page.getByRole('list', { name: 'Audit log' }).locator('> li');
	const older = page.getByRole('button', { name: 'Older entries' });
	await expect(rows).toHaveCount(100);
	await older.click();
	await expect(rows).toHaveCount(200);
	await refusals(211, 216);
	await expect(rows).toHaveCount(205);
	await older.click();
	await expect(rows).toHaveCount(216);
	await expect(older).toBeHidden();
	await expect(rows.last()).toContainText(`${name}-0`);
});
