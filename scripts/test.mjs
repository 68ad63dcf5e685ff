// npm test: every check there is, one after the other; nothing stops at the first failure.
// `node scripts/test.mjs unit e2e` runs only the stages it names. The last line is for machines:
// "N passed, N failed", where a stage without tests of its own counts as one.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { endWithSignals } from './lib/processes.mjs';
import { stagesIn } from './lib/stages.mjs';

const reports = mkdtempSync(path.join(tmpdir(), 'signalbox-test-'));
process.on('exit', () => rmSync(reports, { recursive: true, force: true }));

const stages = stagesIn(reports);
const { positionals } = parseArgs({ allowPositionals: true });
const known = Object.keys(stages);
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0) {
	console.error(`No stage is called ${unknown.join(', ')}. There are: ${known.join(', ')}`);
	process.exit(1);
}

endWithSignals({ exitCode: 130 });

/** @type {{ name: string, passed: number, failed: number, seconds: string }[]} */
const results = [];
for (const [name, stage] of Object.entries(stages)) {
	if (positionals.length > 0 && !positionals.includes(name)) continue;
	console.log(`\n=== ${name}`);
	const startedAt = Date.now();
	const counts = await stage().catch((error) => {
		console.error(error);
		return { passed: 0, failed: 1 };
	});
	const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
	console.log(`=== ${name}: ${counts.failed === 0 ? 'passed' : 'FAILED'} in ${seconds} s`);
	results.push({ name, ...counts, seconds });
}

console.log('\n=== all');
for (const { name, passed, failed, seconds } of results) {
	const verdict = failed === 0 ? 'passed' : 'FAILED';
	console.log(`${verdict}  ${name.padEnd(12)} ${passed} passed, ${failed} failed  ${seconds} s`);
}
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
