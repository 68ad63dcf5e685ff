// Formats and lints the staged files. `npm run hooks` makes Git call it before each commit;
// `git commit --no-verify` leaves it out once, `git config --unset core.hooksPath` for good.
import { execFileSync } from 'node:child_process';
import { program, run } from './lib/processes.mjs';

/** @param {string[]} args */
function git(...args) {
	return execFileSync('git', args, { encoding: 'utf8' });
}

/** @param {string[]} args */
function files(...args) {
	return git('diff', '--name-only', '--diff-filter=ACMR', '-z', ...args)
		.split('\0')
		.filter(Boolean);
}

const staged = files('--cached');
const changedSince = new Set(files());
const whole = staged.filter((file) => !changedSince.has(file));
const partial = staged.filter((file) => changedSince.has(file));

const prettier = [program('prettier'), '--ignore-unknown', '--log-level', 'warn'];
let isGood = true;

if (whole.length > 0) {
	isGood = (await run([...prettier, '--write', ...whole])) === 0;
	git('add', '--', ...whole);
}
// To stage what was formatted here would stage the other changes, too.
if (partial.length > 0 && (await run([...prettier, '--check', ...partial])) !== 0) {
	console.error('These files also have unstaged changes, so format them yourself: npm run format');
	isGood = false;
}
const code = staged.filter((file) => /\.(ts|js|mjs|svelte)$/.test(file));
if (code.length > 0) {
	// Rules that need types take many seconds even for one file: `npm run check` has them.
	const eslint = [
		program('eslint'),
		...['--max-warnings', '0', '--no-warn-ignored'],
		...['--report-unused-disable-directives-severity', 'off']
	];
	if ((await run([...eslint, ...code], { env: { LINT_TYPES: 'off' } })) !== 0) isGood = false;
}
process.exitCode = isGood ? 0 : 1;
