import type { Page } from '@playwright/test';
import type { Approval } from '../../src/lib/protocol';
import { ApprovalPage } from './pages/approval-page';
import type { Api } from './support/api';
import { expect, test } from './support/test';

const ANA = 'anna:viewer,approver';

/** A request with a form, a long description and all that is shown around it. */
async function askedWithForm(api: Api, id: string): Promise<Approval> {
	const run = {
		workflow: 'WRITE_OFF',
		id,
		params: {
			product: 'Teapot, blue',
			units: 24,
			unitCost: 18.5,
			reason: 'Water damage in aisle 4. '.repeat(18).trim(),
			decideWithin: '2 days'
		}
	};
	await api.as('olive:viewer,operator').start(run);
	return api.approvalOf(run);
}

/** Where things are from top to bottom, by their place in the document. */
async function topOf(page: Page, names: readonly (string | RegExp)[]): Promise<number[]> {
	return Promise.all(
		names.map((name) =>
			page
				.getByRole('main')
				.getByText(name)
				.first()
				.evaluate((element) => element.getBoundingClientRect().top)
		)
	);
}

for (const { name, width, height } of [
	{ name: 'a phone', width: 375, height: 667 },
	{ name: 'a tablet', width: 900, height: 600 }
]) {
	test(`on ${name} nobody approves a form that was not on screen`, async ({
		openAs,
		api,
		unique
	}) => {
		const approval = await askedWithForm(api, unique('unseen'));
		const page = await openAs(ANA);
		await page.setViewportSize({ width, height });
		const ana = new ApprovalPage(page);
		await ana.open(approval);
		const account = page.getByRole('radiogroup', { name: 'Account' });
		const note = page.getByRole('textbox', { name: 'Note for the books' });
		await expect(account).not.toBeInViewport();

		await ana.approve.click();
		await expect(page.getByText('Check the form first, then approve.')).toBeVisible();
		await expect(account).toBeInViewport();
		await ana.expectStatus('Pending');
		await note.fill('Aisle 4');
		await expect(async () => {
			await ana.approve.click();
			await expect(ana.undo).toBeVisible({ timeout: 1_000 });
		}).toPass();
		await ana.undo.click();
		const { body } = await api.ask<Approval>('GET', `/approvals/${approval.id}`);
		expect(body.decisions).toMatchObject([{ by: 'anna', data: { units: 24, note: 'Aisle 4' } }]);
	});
}

test('a narrow page shows title, description, facts, form and decision, the rest folded', async ({
	openAs,
	api,
	unique
}) => {
	const approval = await askedWithForm(api, unique('order'));
	const page = await openAs(ANA);
	const ana = new ApprovalPage(page);
	await page.setViewportSize({ width: 375, height: 2_500 });
	await ana.open(approval);
	const names = [
		approval.title,
		'units at 18.50 EUR each',
		'unitCost',
		'Note for the books',
		'What happens next',
		'About this request'
	];
	// The description is drawn again while its renderer loads.
	await expect(async () => {
		const tops = await topOf(page, names);
		expect(tops).toEqual(tops.toSorted((one, other) => one - other));
	}).toPass();
	const approvers = page.getByText('Approvers');
	await expect(approvers).toBeHidden();
	await page.getByText('About this request').click();
	await expect(approvers).toBeVisible();

	await page.setViewportSize({ width: 1280, height: 800 });
	await page.reload();
	await expect(approvers).toBeVisible();
});

test('no single key decides, and single keys can be turned off', async ({
	openAs,
	api,
	unique
}) => {
	const run = {
		workflow: 'REFUND',
		id: unique('keys'),
		params: { order: 'ORD-1', amount: 180, currency: 'EUR', reason: 'Broken', requestedBy: 'kim' }
	};
	await api.as('olive:viewer,operator').start(run);
	const approval = await api.approvalOf(run);
	const page = await openAs(ANA);
	const ana = new ApprovalPage(page);
	const claimed = page.getByRole('button', { name: /^Release/ });
	await ana.open(approval);
	await page.keyboard.press('a');
	await expect(ana.approve).toBeFocused();
	await page.keyboard.press('r');
	await expect(ana.comment).toBeFocused();
	await page.keyboard.type('No');
	await ana.heading.click();
	await page.keyboard.press('r');
	await expect(ana.reject).toBeFocused();
	await ana.expectStatus('Pending');

	await page.getByRole('button', { name: /^anna:/ }).click();
	await page.getByRole('menuitemcheckbox', { name: 'Single-key shortcuts' }).click();
	await page.keyboard.press('Escape');
	await page.reload();
	await ana.open(approval);
	for (const key of ['a', 'c', '?']) await page.keyboard.press(key);
	await expect(ana.approve).not.toBeFocused();
	await expect(page.getByRole('dialog')).toHaveCount(0);
	await expect(claimed).toHaveCount(0);

	await page.getByRole('button', { name: /^anna:/ }).click();
	await page.getByRole('menuitemcheckbox', { name: 'Single-key shortcuts' }).click();
	await page.keyboard.press('Escape');
	await ana.heading.click();
	await page.keyboard.press('c');
	await expect(claimed).toBeVisible();
	await page.keyboard.press('a');
	await page.keyboard.press('Enter');
	await expect(ana.undo).toBeVisible();
});
