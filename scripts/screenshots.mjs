// Takes the pictures of the README from the real app: node scripts/screenshots.mjs
//   docs/images/runs.png   a lively list of runs
//   docs/images/run.png    a run with attempts that failed and were tried again
// It builds the app, serves it on PORT (default 8795) with data of its own, starts a handful of
// runs over HTTP, and looks at them in the light theme at 1440 × 900.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright';
import { buildApp } from './lib/build.mjs';
import { ensureChromium, NO_CHROMIUM } from './lib/chromium.mjs';
import { end, endWithSignals, fail } from './lib/processes.mjs';
import { serveWorker } from './lib/worker-server.mjs';

const port = Number(process.env.PORT || 8795);
const images = new URL('../docs/images/', import.meta.url);
const stateDir = mkdtempSync(path.join(tmpdir(), 'signalbox-screenshots-'));
const PATIENCE_MS = 30_000;

const refundOf = (/** @type {string} */ order, /** @type {number} */ amount) => ({
	order,
	amount,
	currency: 'EUR',
	reason: 'Arrived broken',
	requestedBy: 'kim@example.com'
});

/** A catalogue of so many rows. @param {number} rows */
function catalogOf(rows) {
	const lines = Array.from({ length: rows }, (_, index) => {
		const number = String(index + 1).padStart(5, '0');
		return `TEA-${number},Assam ${number},${4 + (index % 20)}.90,EUR,${index % 400}`;
	});
	return ['sku,name,price,currency,stock', ...lines].join('\n');
}

/** @param {string} origin */
function apiOf(origin) {
	/** @param {string} method @param {string} route @param {unknown} [body] @param {string} [who] */
	async function call(method, route, body, who = 'olive:viewer,operator') {
		const response = await fetch(`${origin}/api/v1${route}`, {
			method,
			headers: { authorization: `Local ${who}`, 'content-type': 'application/json' },
			...(body === undefined ? {} : { body: JSON.stringify(body) })
		});
		const answer = await response.json();
		if (!response.ok) throw new Error(`${method} ${route}: ${JSON.stringify(answer)}`);
		return answer;
	}
	/** @param {string} run @param {unknown} params @param {string} store */
	async function start(run, params, store = 'berlin') {
		const [workflow, id] = run.split('/');
		await call('POST', '/runs', { workflow, id, params, agent: `store-agent/${store}` });
	}
	/** @param {string} run @param {string} status */
	async function until(run, status) {
		const giveUpAt = Date.now() + PATIENCE_MS;
		while ((await call('GET', `/runs/${run}`)).status !== status) {
			if (Date.now() > giveUpAt) throw new Error(`${run} did not become ${status}.`);
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
	}
	/** @param {string} run @param {boolean} approved */
	async function decide(run, approved) {
		await until(run, 'waiting');
		const { approvals } = await call('GET', '/approvals?status=pending&limit=100');
		const found = approvals.find(
			(/** @type {{ runId: string }} */ { runId }) => runId === run.split('/')[1]
		);
		const decision = { approved, reason: 'The photo shows another pot' };
		await call('POST', `/approvals/${found.id}/decision`, decision, 'ana:viewer,approver');
	}
	return { call, start, until, decide };
}

/** Runs of every kind and in every state. @param {ReturnType<typeof apiOf>} api */
async function startFleet({ call, start, until, decide }) {
	const followUp = { message: 'Ask whether the new pot arrived', after: '3 hours' };
	await start('FOLLOW_UP/ask-kim', followUp, 'lisbon');
	await start('REFUND/refund-10211', refundOf('ORD-10211', 24.9));
	await start('REFUND/refund-10212', refundOf('ORD-10212', 310), 'austin');
	await decide('REFUND/refund-10212', false);
	await start('CATALOG_IMPORT/autumn', {
		source: { url: `http://localhost:${port}/autumn.csv` },
		format: 'csv'
	});
	await start('STOCK_COUNT/monday', { aisles: ['dairy', 'bakery', 'produce'] }, 'osaka');
	await start('FOLLOW_UP/call-back', followUp, 'austin');
	await until('FOLLOW_UP/call-back', 'waiting');
	await call('POST', '/runs/FOLLOW_UP/call-back/terminate', {});
	await start('REFUND/refund-10213', refundOf('ORD-10213', 480), 'osaka');
	await until('REFUND/refund-10213', 'waiting');
	await call('POST', '/runs/REFUND/refund-10213/pause', {});
	await start('REFUND/refund-10214', refundOf('ORD-10214', 145));
	await start('CATALOG_IMPORT/winter', {
		source: { text: `${catalogOf(180)}\n${'TEA,bad row\n'.repeat(20)}` },
		format: 'csv'
	});
	await until('STOCK_COUNT/monday', 'complete');
}

/** @param {string} origin @param {string} browserPath */
async function takePictures(origin, browserPath) {
	const api = apiOf(origin);
	const isRoot = process.getuid?.() === 0;
	const browser = await chromium.launch({
		executablePath: browserPath,
		args: isRoot ? ['--no-sandbox'] : []
	});
	try {
		const page = await browser.newPage({
			viewport: { width: 1440, height: 900 },
			colorScheme: 'light',
			locale: 'en-GB'
		});
		await startFleet(api);
		await page.goto(`${origin}/runs`);
		await page.getByRole('button', { name: 'Connection: Live' }).waitFor();

		const pages = ['', 'runs', 'approvals', 'workflows', 'admin', 'api/v1/health', 'no-such'];
		const urls = [...pages.map((name) => `${origin}/${name}`), 'http://localhost:1/'];
		await api.start('LINK_AUDIT/nightly', { urls }, 'lisbon');
		await api.start('STOCK_COUNT/friday', { aisles: ['dairy', 'produce'] });
		await api.start('CATALOG_IMPORT/spring', {
			source: { text: catalogOf(6000) },
			format: 'csv',
			batchSize: 50
		});
		await page
			.getByRole('row')
			.filter({ hasText: 'spring' })
			.getByText(/^[2-4],\d+ \/ 6,000$/)
			.waitFor({ timeout: PATIENCE_MS });
		await save(page, 'runs.png');

		await page.goto(`${origin}/runs/LINK_AUDIT/nightly`);
		const steps = page.getByRole('listbox', { name: 'Steps' });
		const retried = steps.getByRole('option', { name: /[34] attempts/ });
		await retried.waitFor({ timeout: PATIENCE_MS });
		await retried.click();
		await page.mouse.move(0, 0);
		await save(page, 'run.png');
	} finally {
		await browser.close();
	}
}

/** @param {import('playwright').Page} page @param {string} name */
async function save(page, name) {
	const file = new URL(name, images).pathname;
	await page.screenshot({ path: file });
	console.log(file);
}

const cleanUp = () => rmSync(stateDir, { recursive: true, force: true });
endWithSignals({ exitCode: 130, cleanUp });

try {
	const browserPath = await ensureChromium();
	if (!browserPath) throw new Error(NO_CHROMIUM);
	if (!(await buildApp())) throw new Error('The build failed: see the messages above.');
	mkdirSync(images, { recursive: true });
	const { child, origin } = await serveWorker({ port, stateDir });
	await takePictures(origin, browserPath);
	await end(child);
	cleanUp();
} catch (error) {
	await fail(error, cleanUp);
}
