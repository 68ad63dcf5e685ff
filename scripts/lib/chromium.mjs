import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright';
import { node, program, runProgram } from './processes.mjs';

export const NO_CHROMIUM =
	'No Chromium: install Chromium or Google Chrome, or set CHROMIUM_PATH to one, and try again.';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_APPS = [
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium'
];

/**
 * The Chromium that is there already: $CHROMIUM_PATH, an installed one, else Playwright's.
 * @returns {string | undefined}
 */
export function installedChromium() {
	if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
	const folders = (process.env.PATH ?? '').split(path.delimiter);
	const onPath = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
	return [...onPath, ...MAC_APPS, chromium.executablePath()].find(runs);
}

/**
 * The path of a Chromium, installed now if need be and possible. What the installation says goes to
 * standard error, unless `output` takes it.
 * @param {import('./processes.mjs').Output} [output]
 * @returns {Promise<string | undefined>}
 */
export async function ensureChromium(output = (chunk) => process.stderr.write(chunk)) {
	return installedChromium() ?? (await fromDebian(output)) ?? (await fromPlaywright(output));
}

/**
 * Ubuntu's chromium-browser, for one, is there without a browser behind it: only starting it tells.
 * @param {string} file
 */
function runs(file) {
	return existsSync(file) && spawnSync(file, ['--version'], { timeout: 30_000 }).status === 0;
}

/** @param {import('./processes.mjs').Output} output */
async function fromDebian(output) {
	if (!existsSync('/etc/debian_version')) return undefined;
	const isRoot = process.getuid?.() === 0;
	if (!isRoot && spawnSync('sudo', ['-n', 'true']).status !== 0) return undefined;
	const apt = [...(isRoot ? [] : ['sudo', '-n']), 'apt-get', '-y', '-q'];
	const options = { output, env: { DEBIAN_FRONTEND: 'noninteractive' } };
	const packages = ['chromium', 'fonts-liberation'];
	await runProgram([...apt, 'update'], options);
	await runProgram([...apt, 'install', '--no-install-recommends', ...packages], options);
	return installedChromium();
}

/** @param {import('./processes.mjs').Output} output */
async function fromPlaywright(output) {
	await runProgram([node, program('playwright'), 'install', 'chromium'], { output });
	return installedChromium();
}
