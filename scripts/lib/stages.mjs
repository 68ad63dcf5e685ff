// The stages of `npm test`, in the order they run: the cheap ones first.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildApp } from './build.mjs';
import { ensureChromium, NO_CHROMIUM } from './chromium.mjs';
import { program, run } from './processes.mjs';
import { playwrightCounts, vitestCounts } from './test-counts.mjs';
import { bundleWorker } from './worker-bundle.mjs';

// Writes the types and the tsconfig that ours extends; a fresh clone has none.
const sync = [program('@sveltejs/kit', 'svelte-kit'), 'sync'];

const faultSuite = fileURLToPath(new URL('../faults.mjs', import.meta.url));

/** @typedef {{ passed: number, failed: number }} Counts */

/**
 * @param {string} reports a directory for the runners' reports and the bundled Worker
 * @returns {Record<string, () => Promise<Counts>>}
 */
export function stagesIn(reports) {
	const workerDir = path.join(reports, 'worker');
	return {
		format: async () =>
			asOne(await all([program('prettier'), '--check', '--log-level', 'warn', '.'])),

		lint: async () => asOne(await all(sync, [program('eslint'), '--max-warnings', '0', '.'])),

		types: async () =>
			asOne(
				await all(
					sync,
					[program('wrangler'), 'types', '--check'],
					[program('svelte-check'), '--fail-on-warnings', '--output', 'human'],
					[program('typescript', 'tsc'), '-p', 'tsconfig.worker.json'],
					[program('typescript', 'tsc'), '-p', 'tsconfig.node.json']
				)
			),

		knip: async () => asOne(await all([program('knip')])),

		imports: async () =>
			asOne(
				await all([
					program('dependency-cruiser', 'depcruise'),
					...['--config', 'dependency-cruiser.config.js', '--output-type', 'err', 'src']
				])
			),

		unit: () => vitest(['unit', 'runes'], reports),

		build: async () => asOne(await buildApp()),

		worker: async () => asOne(await bundleWorker(workerDir)),

		integration: () => vitest(['integration'], reports, { WORKER_DIR: workerDir }),

		// The short form, under the same schedule every time; docs/reliability.md tells of the long one.
		faults: async () =>
			asOne(
				await all([
					...[faultSuite, '--runs', '24', '--faults', '8'],
					...['--seed', '1', '--no-build']
				])
			),

		e2e: async () => {
			const browser = ensureChromium();
			if (!browser) {
				console.error(NO_CHROMIUM);
				return { passed: 0, failed: 1 };
			}
			const report = path.join(reports, 'e2e.json');
			const code = await run(
				[program('@playwright/test', 'playwright'), 'test', '--reporter=list,json'],
				{
					env: { CHROMIUM_PATH: browser, PLAYWRIGHT_JSON_OUTPUT_NAME: report, SKIP_BUILD: '1' }
				}
			);
			return playwrightCounts(report, code);
		}
	};
}

/**
 * @param {string[]} projects
 * @param {string} reports
 * @param {Record<string, string>} [env]
 * @returns {Promise<Counts>}
 */
async function vitest(projects, reports, env) {
	const report = path.join(reports, `${projects[0]}.json`);
	const chosen = projects.map((project) => `--project=${project}`);
	const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
	const code = await run([program('vitest'), 'run', ...chosen, ...reporters], { env });
	return vitestCounts(report, code);
}

/**
 * Runs every command, also after one failed, so that one look shows everything.
 * @param {string[][]} commands
 */
async function all(...commands) {
	let isGood = true;
	for (const command of commands) {
		if ((await run(command)) !== 0) isGood = false;
	}
	return isGood;
}

/**
 * @param {boolean} isGood
 * @returns {Counts}
 */
function asOne(isGood) {
	return isGood ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}
