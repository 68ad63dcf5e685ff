import { expect, test } from './support/test';

const params = { order: 'ORD-1', currency: 'EUR', reason: 'Late', requestedBy: 'kim@example.com' };

test('the words for how runs ended count the same runs', async ({ page, api, unique }) => {
	const run = { workflow: 'REFUND', id: unique('refused') };
	await api.as('olive:viewer,operator').start({ ...run, params: { ...params, amount: 300 } });
	const { id } = await api.approvalOf(run);
	await api.ask('POST', `/approvals/${id}/decision`, { approved: false, reason: 'No' });
	expect(await api.untilEnded(run)).toMatchObject({ status: 'errored', outcome: 'rejected' });

	await page.goto('/');
	const tile = page.getByRole('navigation', { name: 'Runs by status' }).getByRole('link', {
		name: /^Errored/
	});
	await expect(async () => {
		const [, all, failed, others] =
			/^Errored ([\d,]+) ([\d,]+) failed, ([\d,]+) rejected or expired$/.exec(
				((await tile.textContent()) ?? '').replaceAll(/\s+/g, ' ').trim()
			) ?? [];
		expect(Number(others)).toBeGreaterThan(0);
		expect(Number(failed) + Number(others)).toBe(Number(all));
	}).toPass();
	await expect(page.getByText('Errored or terminated').first()).toBeAttached();
	await expect(page.getByText('Not completed')).toHaveCount(0);
});
