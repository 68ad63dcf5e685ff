// npm run test:faults: runs of every sample workflow under a seeded schedule of faults, then a
// comparison of each with the engine's own history. See docs/reliability.md.
//   --runs N     how many runs, default 24
//   --faults M   how many faults, default 8
//   --seed S     the schedule, default a new one
//   --aloud      print each fault as it happens
//   --no-build   (or SKIP_BUILD=1) take the app as it was built before
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';
import { buildApp } from './lib/build.mjs';
import { endWithSignals, node, program, run } from './lib/processes.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const config = 'tests/faults/wrangler.jsonc';

const { values } = parseArgs({
	options: {
		runs: { type: 'string', default: '24' },
		faults: { type: 'string', default: '8' },
		seed: { type: 'string' },
		aloud: { type: 'boolean', default: false },
		'no-build': { type: 'boolean', default: false }
	}
});

/**
 * @param {string} name
 * @param {string} text
 */
function wholeNumber(name, text) {
	const number = Number(text);
	if (Number.isInteger(number) && number >= 0) return number;
	console.error(`--${name} must be a whole number, not "${text}".`);
	return process.exit(1);
}

const bundle = mkdtempSync(path.join(tmpdir(), 'signalbox-fault-worker-'));
/** @type {() => Promise<void>} */
let killServer = async () => {};
process.on('exit', () => rmSync(bundle, { recursive: true, force: true }));
endWithSignals({ exitCode: 130, cleanUp: () => void killServer() });

const options = {
	runs: wholeNumber('runs', values.runs),
	faults: wholeNumber('faults', values.faults),
	seed: wholeNumber('seed', values.seed ?? String(Date.now() % 1_000_000)),
	aloud: values.aloud,
	command: {
		node,
		args: [
			...['--import', new URL('lib/end-with-parent.mjs', import.meta.url).href],
			program('wrangler'),
			...['dev', path.join(bundle, 'worker.js'), '--no-bundle'],
			...['--config', config]
		]
	},
	/** @param {() => Promise<void>} kill */
	onServer: (kill) => {
		killServer = kill;
	}
};

if (!values['no-build'] && !process.env.SKIP_BUILD && !(await buildApp())) process.exit(1);
let said = '';
const bundled = await run(
	[program('wrangler'), 'deploy', '--dry-run', '--config', config, '--outdir', bundle],
	{ output: (chunk) => void (said += chunk.toString()) }
);
if (bundled !== 0) console.error(said);
if (bundled !== 0) process.exit(1);

/** @type {{ module: { main: (given: typeof options) => Promise<boolean> } }} */
const { module } = await runnerImport(path.join(root, 'tests/faults/main.ts'), {
	configFile: false,
	logLevel: 'error',
	resolve: { alias: { $lib: path.join(root, 'src/lib') } }
});
process.exitCode = (await module.main(options)) ? 0 : 1;
