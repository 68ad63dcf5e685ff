// npm run test:samples: removes the samples from a copy of this checkout and runs the rest of the
// tests there, or with --quick only format, types and unit tests.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { endWithSignals, run } from './lib/processes.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const QUICK = ['format', 'types', 'unit'];
const ALL = [...QUICK, 'lint', 'imports', 'build', 'worker', 'integration', 'e2e'];

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
endWithSignals({ exitCode: 130 });

const copy = mkdtempSync(path.join(tmpdir(), 'signalbox-without-samples-'));
try {
	const listed = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
		cwd: root,
		encoding: 'utf8'
	});
	for (const file of listed
		.split('\0')
		.filter((name) => name && existsSync(path.join(root, name)))) {
		cpSync(path.join(root, file), path.join(copy, file));
	}
	symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
	const inCopy = (/** @type {string} */ script, /** @type {string[]} */ args) =>
		run([path.join(copy, script), ...args]);
	const code =
		(await inCopy('scripts/remove-samples.mjs', ['--force'])) ||
		(await inCopy('scripts/test.mjs', values.quick ? QUICK : ALL));
	process.exitCode = code;
} finally {
	rmSync(copy, { recursive: true, force: true });
}
