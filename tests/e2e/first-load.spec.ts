// What a page costs that has never been opened before.
import { brotliCompressSync } from 'node:zlib';
import type { Response } from '@playwright/test';
import { RunsPage } from './pages/runs-page';
import { expect, test } from './support/test';

/** Of a page without a cache; bytes are those of JavaScript and CSS as brotli. */
const BUDGET = { requests: 20, bytes: 275_000 };

test('the list of runs loads within its budget', async ({ page }) => {
	const responses: Response[] = [];
	page.on('response', (response) => responses.push(response));
	await new RunsPage(page).open();
	const loaded = [...responses];
	const files = loaded.filter((each) => /\.(js|css)$/.test(new URL(each.url()).pathname));
	const bodies = await Promise.all(files.map((each) => each.body()));
	const sizes = bodies.map((body) => brotliCompressSync(body).length);
	expect(sizes.length).toBeGreaterThan(0);
	expect(loaded.length).toBeLessThanOrEqual(BUDGET.requests);
	expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(BUDGET.bytes);
});
