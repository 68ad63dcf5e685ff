// npm run remove-samples: removes the sample store (src/samples), what only runs with it, and every
// region between `samples:start` and `samples:end`. A second run changes nothing.
//   --force   also in a checkout with uncommitted changes
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { node, program } from './lib/processes.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (/** @type {string} */ file) => path.join(root, file);
const read = (/** @type {string} */ file) => readFileSync(at(file), 'utf8');

const REMOVED = [
	'bench/cost',
	'bench/cost.ts',
	'src/samples',
	'tests/unit/samples',
	'tests/unit/faults',
	'tests/integration/samples',
	'tests/faults',
	'scripts/faults.mjs',
	'scripts/screenshots.mjs',
	'scripts/test-samples.mjs'
];
/** A browser test that names one of these needs the samples. */
const NAMES_A_SAMPLE =
	/store-agent|StoreAgent|CATALOG_IMPORT|REFUND|LINK_AUDIT|STOCK_COUNT|AISLE_COUNT|FOLLOW_UP|WRITE_OFF/;
const EDITED = [
	'src/worker/agents.ts',
	'src/worker/catalogue.ts',
	'src/worker/index.ts',
	'wrangler.jsonc',
	'scripts/lib/stages.mjs',
	'tests/unit/worker/agents.test.ts'
];
const REGION = /^[^\S\n]*\/\/ samples:start\n[\s\S]*?^[^\S\n]*\/\/ samples:end\n/gm;

const { values } = parseArgs({ options: { force: { type: 'boolean', default: false } } });

if (!existsSync(at('src/samples'))) {
	console.log('The samples are already removed.');
	process.exit();
}
if (!values.force && !isClean()) {
	console.error(
		'This checkout has uncommitted changes, or is not a Git checkout. Commit or stash them, or use --force.'
	);
	process.exit(1);
}

const removed = [
	...REMOVED,
	...globSync('tests/e2e/*.spec.ts', { cwd: root }).filter((file) =>
		NAMES_A_SAMPLE.test(read(file))
	)
];
for (const file of removed) rmSync(at(file), { recursive: true, force: true });
for (const file of EDITED) edit(file, (text) => text.replace(REGION, ''));
edit('package.json', (text) => text.replace(/^.*"test:(faults|samples)":.*\n/gm, ''));
edit('README.md', (text) => text.replace(/^src\/samples .*\n/m, ''));
edit('tests/README.md', withoutMissingTests);

const changed = [...EDITED, 'package.json', 'README.md', 'tests/README.md'];
run('prettier', 'prettier', '--write', '--log-level', 'warn', ...changed);
run('@sveltejs/kit', 'svelte-kit', 'sync');
run('wrangler', 'wrangler', 'types', '--include-runtime=false', '--strict-vars=false');

console.log(
	[
		'Removed:',
		...removed.map((file) => `  ${file}`),
		'Edited:',
		...[...changed, 'worker-configuration.d.ts'].map((file) => `  ${file}`),
		'',
		'Next: run npm uninstall papaparse @types/papaparse, which only the samples used, and npm run test:quick.',
		'Then commit, and add a workflow of your own (docs/monitored.md).',
		'If this Worker is deployed already, add a migration with "deleted_sqlite_classes": ["StoreAgent"]',
		'to wrangler.jsonc before the next deployment, and restore "StoreAgent" in the migration v1.'
	].join('\n')
);

function isClean() {
	try {
		const options = { cwd: root, encoding: /** @type {const} */ ('utf8') };
		return execFileSync('git', ['status', '--porcelain'], options) === '';
	} catch {
		return false; // not a checkout, or no Git
	}
}

/** @param {string} file @param {(text: string) => string} change */
function edit(file, change) {
	writeFileSync(at(file), change(read(file)));
}

/** The table of tests without those that are gone. @param {string} text */
function withoutMissingTests(text) {
	return text
		.split('\n')
		.flatMap((line) => {
			if (!line.startsWith('|')) return [line];
			const kept = line.replace(/(?:, )?`((?:unit|integration|e2e)\/[^`]*\.ts)`/g, (named, file) =>
				globSync(file, { cwd: at('tests') }).length > 0 ? named : ''
			);
			if (kept === line) return [line];
			const [, feature, tests = '', ...rest] = kept.split('|');
			const left = tests.trim().replace(/^, /, '');
			return left === '' ? [] : [['', feature, ` ${left} `, ...rest].join('|')];
		})
		.join('\n');
}

/** @param {string} dependency @param {string} name @param {string[]} args */
function run(dependency, name, ...args) {
	execFileSync(node, [program(dependency, name), ...args], { cwd: root, stdio: 'inherit' });
}
