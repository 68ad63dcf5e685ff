// npm test: every check there is, two at a time; nothing stops at the first failure.
// `node scripts/test.mjs unit e2e` runs only the stages it names. At the end come the failed tests.
// The last line is for machines: "N passed, N failed", where a stage without tests of its own counts
// as one.
//   --at-once N   how many stages run side by side, default 2 (1 on a machine with one core)
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { endWithSignals } from './lib/processes.mjs';
import { sideBySide } from './lib/side-by-side.mjs';
import { stagesIn } from './lib/stages.mjs';

const { positionals, values } = parseArgs({
	allowPositionals: true,
	options: { 'at-once': { type: 'string' } }
});
const reports = mkdtempSync(path.join(tmpdir(), 'signalbox-test-'));
process.on('exit', () => rmSync(reports, { recursive: true, force: true }));

const stages = stagesIn(reports);
const known = stages.map(({ name }) => name);
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0) {
	console.error(`No stage is called ${unknown.join(', ')}. There are: ${known.join(', ')}`);
	process.exit(1);
}

// Started by npm, it goes with npm, also when that is killed.
if (process.env.npm_lifecycle_event) await import('./lib/end-with-parent.mjs');
endWithSignals({ exitCode: 130 });

const chosen = stages.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const atOnce = Number(values['at-once']) || Math.min(2, availableParallelism());
const results = await sideBySide(chosen, { atOnce });

console.log('\n=== all');
for (const { name, passed, failures, seconds } of results) {
	const verdict = failures.length === 0 ? 'passed' : 'FAILED';
	const counts = `${passed} passed, ${failures.length} failed`;
	console.log(`${verdict}  ${name.padEnd(12)} ${counts}  ${seconds} s`);
}
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.flatMap(({ name, failures }) => failures.map((test) => `${name}: ${test}`));
if (failed.length > 0) console.log(`\nFailed:\n${failed.map((test) => `  ${test}`).join('\n')}`);
console.log(`\n${passed} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
