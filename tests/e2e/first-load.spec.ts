// What a page costs that has never been opened before.
import { brotliCompressSync } from 'node:zlib';
import { RunsPage } from './pages/runs-page';
import { expect, test } from './support/test';

/** Of a page without a cache; bytes are those of JavaScript and CSS as brotli. */
const BUDGET = { requests: 20, bytes: 275_000 };

test('the list of runs loads within its budget', async ({ page }) => {
	const bodies: Promise<Buffer>[] = [];
	let requests = 0;
	page.on('response', (response) => {
		requests += 1;
		if (/\.(js|css)$/.test(new URL(response.url()).pathname)) bodies.push(response.body());
	});
	await new RunsPage(page).open();
	const sizes = (await Promise.all(bodies)).map((body) => brotliCompressSync(body).length);
	expect(sizes.length).toBeGreaterThan(0);
	expect(requests).toBeLessThanOrEqual(BUDGET.requests);
	expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(BUDGET.bytes);
});
