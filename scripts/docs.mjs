// Writes the tables of the docs anew that are derived from the contract.
import { readFile, writeFile } from 'node:fs/promises';
import { runnerImport } from 'vite';
import { TABLES, withTables } from './lib/contract-tables.ts';

const root = new URL('..', import.meta.url);
process.chdir(root.pathname);

/** @type {{ module: typeof import('../src/lib/protocol') }} */
const { module: protocol } = await runnerImport('./src/lib/protocol/index.ts', {
	configFile: false,
	logLevel: 'error'
});
for (const page of Object.keys(TABLES)) {
	await writeFile(page, await withTables(page, await readFile(page, 'utf8'), protocol));
}
