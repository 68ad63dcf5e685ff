import { expect, test } from './support/test';

const PAGES = ['/', '/runs', '/approvals', '/fleet', '/workflows', '/admin'];

test('no page breaks its own content security policy', async ({ page }) => {
	await page.addInitScript(() => {
		document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
			console.error(`policy: ${violatedDirective} ${blockedURI}`);
		});
	});
	const violations: string[] = [];
	page.on('console', (message) => {
		if (message.text().startsWith('policy:')) violations.push(message.text());
	});
	for (const path of PAGES) {
		await page.goto(path);
		await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
		expect(violations, path).toEqual([]);
	}
});
