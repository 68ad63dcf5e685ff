import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright';
import { node, program } from './processes.mjs';

export const NO_CHROMIUM =
	'No Chromium: install Chromium or Google Chrome, or set CHROMIUM_PATH to one, and try again.';

const INSTALL_WITHIN_MS = 5 * 60_000;

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
 * The path of a Chromium, installed now if need be and possible.
 * @returns {string | undefined}
 */
export function ensureChromium() {
	return installedChromium() ?? fromDebian() ?? fromPlaywright();
}

/**
 * Ubuntu's chromium-browser, for one, is there without a browser behind it: only starting it tells.
 * @param {string} file
 */
function runs(file) {
	return existsSync(file) && spawnSync(file, ['--version'], { timeout: 30_000 }).status === 0;
}

function fromDebian() {
	if (!existsSync('/etc/debian_version')) return undefined;
	const isRoot = process.getuid?.() === 0;
	if (!isRoot && spawnSync('sudo', ['-n', 'true']).status !== 0) return undefined;
	const asRoot = isRoot ? [] : ['sudo', '-n'];
	const options = ['-y', '-q', '--no-install-recommends'];
	const isInstalled =
		inherit([...asRoot, 'apt-get', 'update', '-q']) &&
		inherit([...asRoot, 'apt-get', 'install', ...options, 'chromium', 'fonts-liberation']);
	return isInstalled ? installedChromium() : undefined;
}

function fromPlaywright() {
	const isInstalled = inherit([node, program('playwright'), 'install', 'chromium']);
	return isInstalled ? installedChromium() : undefined;
}

/** @param {string[]} command */
function inherit([file = '', ...args]) {
	// Standard output is left to the caller, who may print nothing but the path on it.
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	return (
		spawnSync(file, args, { stdio: ['ignore', 2, 2], env, timeout: INSTALL_WITHIN_MS }).status === 0
	);
}
