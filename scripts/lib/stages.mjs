// The stages of `npm test`, in the order they begin: those that others need, then the long ones.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { buildApp } from './build.mjs';
import { ensureChromium, NO_CHROMIUM } from './chromium.mjs';
import { program, run } from './processes.mjs';
import { playwrightCounts, vitestCounts } from './test-counts.mjs';
import { bundleWorker } from './worker-bundle.mjs';
import { freePort } from './worker-server.mjs';

// samples:start
const faultSuite = path.join(import.meta.dirname, '../faults.mjs');
// samples:end

/** @typedef {import('./test-counts.mjs').Counts} Counts */
/** @typedef {import('./processes.mjs').Output} Output */

/**
 * @param {string} reports a directory for the runners' reports and the bundled Worker
 * @returns {import('./side-by-side.mjs').Stage[]}
 */
export function stagesIn(reports) {
	const workerDir = path.join(reports, 'worker');
	mkdirSync(reports, { recursive: true });

	// Writes the types and the tsconfig that ours extends; a fresh clone has none. Once for all.
	/** @type {Promise<number> | undefined} */
	let syncing;
	const synced = async (/** @type {Output} */ output) => {
		syncing ??= run([program('@sveltejs/kit', 'svelte-kit'), 'sync'], { output });
		return (await syncing) === 0;
	};

	/** @type {(name: string, needs: string[], ...commands: string[][]) => import('./side-by-side.mjs').Stage} */
	const check = (name, needs, ...commands) => ({
		name,
		needs,
		run: async (output) => asOne((await synced(output)) && (await all(output, ...commands)))
	});

	return [
		{ name: 'build', needs: [], run: async (output) => asOne(await buildApp(output)) },

		{
			name: 'lint',
			needs: [],
			// Two halves of about the same size. ESLint's own --concurrency would load every program twice.
			run: async (output) => {
				if (!(await synced(output))) return asOne(false);
				const eslint = [program('eslint'), '--max-warnings', '0'];
				const first = ['src/**/*.ts', 'tests/unit/', 'tests/integration/', 'tests/fixtures/'];
				const others = first.flatMap((pattern) => ['--ignore-pattern', pattern]);
				const halves = [first, ['.', ...others]];
				const isGood = await Promise.all(halves.map((half) => all(output, [...eslint, ...half])));
				return asOne(!isGood.includes(false));
			}
		},

		{
			name: 'e2e',
			needs: ['build'],
			run: async (output) => {
				const browser = await ensureChromium(output);
				if (!browser) {
					output(`${NO_CHROMIUM}\n`);
					return asOne(false);
				}
				const report = path.join(reports, 'e2e.json');
				const code = await run(
					[program('@playwright/test', 'playwright'), 'test', '--reporter=list,json'],
					{
						output,
						env: {
							CHROMIUM_PATH: browser,
							E2E_PORT: String(await freePort()),
							PLAYWRIGHT_JSON_OUTPUT_NAME: report,
							SKIP_BUILD: '1'
						}
					}
				);
				return playwrightCounts(report, code);
			}
		},

		{
			name: 'worker',
			needs: ['build'],
			run: async (output) => asOne(await bundleWorker(workerDir, output))
		},

		{
			name: 'integration',
			needs: ['build', 'worker'],
			run: (output) => vitest(['integration'], reports, output, { WORKER_DIR: workerDir })
		},

		// samples:start
		// The short form, under the same schedule every time; docs/reliability.md tells of the long one.
		check(
			'faults',
			['build'],
			[...[faultSuite, '--runs', '24', '--faults', '8'], ...['--seed', '1', '--no-build']]
		),
		// samples:end

		check(
			'types',
			[],
			[program('wrangler'), 'types', '--check'],
			[program('svelte-check'), '--fail-on-warnings', '--output', 'human'],
			[program('typescript', 'tsc'), '-p', 'tsconfig.worker.json'],
			[program('typescript', 'tsc'), '-p', 'tsconfig.node.json']
		),

		{ name: 'unit', needs: [], run: (output) => vitest(['unit', 'runes'], reports, output) },

		check('format', [], [program('prettier'), '--check', '--log-level', 'warn', '.']),

		check('knip', [], [program('knip')]),

		check(
			'imports',
			[],
			[
				program('dependency-cruiser', 'depcruise'),
				...['--config', 'dependency-cruiser.config.js', '--output-type', 'err', 'src']
			]
		)
	];
}

/**
 * @param {string[]} projects
 * @param {string} reports
 * @param {Output} output
 * @param {Record<string, string>} [env]
 * @returns {Promise<Counts>}
 */
async function vitest(projects, reports, output, env) {
	const report = path.join(reports, `${projects[0]}.json`);
	const chosen = projects.map((project) => `--project=${project}`);
	const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
	const code = await run([program('vitest'), 'run', ...chosen, ...reporters], { output, env });
	return vitestCounts(report, code);
}

/**
 * Runs every command, also after one failed, so that one look shows everything.
 * @param {Output} output
 * @param {string[][]} commands
 */
async function all(output, ...commands) {
	let isGood = true;
	for (const command of commands) {
		if ((await run(command, { output })) !== 0) isGood = false;
	}
	return isGood;
}

/**
 * @param {boolean} isGood
 * @returns {Counts}
 */
function asOne(isGood) {
	return isGood ? { passed: 1, failures: [] } : { passed: 0, failures: ['see its output above'] };
}
