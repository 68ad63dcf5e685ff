import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { TABLES, withTables } from '../../scripts/lib/contract-tables';
import * as protocol from '../../src/lib/protocol';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

/** What goes with `npm run remove-samples`; the docs go on naming it as an example. */
const OF_SAMPLES = /^(src\/samples|tests\/(unit\/)?faults|tests\/e2e)(\/|$)/;
const hasSamples = existsSync(new URL('src/samples/', root));
const isThere = (path: string) =>
	existsSync(new URL(path, root)) || (!hasSamples && OF_SAMPLES.test(path));

const pages = [
	'README.md',
	'AGENTS.md',
	'CHANGELOG.md',
	'CONTRIBUTING.md',
	'SECURITY.md',
	...readdirSync(new URL('docs/', root), { recursive: true, encoding: 'utf8' })
		.filter((path) => path.endsWith('.md'))
		.map((path) => `docs/${path}`)
];

describe.each(pages)('%s', (page) => {
	it('links only to what there is', () => {
		const targets = [...read(page).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)]
			.map(([, target = '']) => target)
			.filter((target) => !/^[a-z]+:/.test(target) && !target.endsWith('.png'));
		const missing = targets.filter((target) => !existsSync(new URL(target, new URL(page, root))));
		expect(missing).toEqual([]);
	});

	it('names only files that there are', () => {
		const paths = [
			...read(page).matchAll(/`((?:src|tests|scripts|docs|bench|data)\/[^`*<\s]*)`/g)
		].map(([, path = '']) => path);
		expect(paths.filter((path) => !isThere(path))).toEqual([]);
	});
});

test('tests/README.md names only tests that exist', () => {
	const named = [...read('tests/README.md').matchAll(/`((?:unit|integration|e2e)\/[^`<]*\.ts)`/g)];
	const missing = named
		.map(([, name = '']) => name)
		.filter((name) => globSync(name, { cwd: new URL('tests/', root) }).length === 0);
	expect(named.length).toBeGreaterThan(50);
	expect(missing).toEqual([]);
});

test('docs/architecture.md names only parts that there are, each in its folder', () => {
	const files = [...read('docs/architecture.md').matchAll(/^\| [A-Z][^|]*\| `([^`]+)`/gm)].map(
		([, file = '']) => file
	);
	const folders = ['src/lib/agent/monitor/', 'src/lib/agent/operations/'];
	expect(files.length).toBeGreaterThan(20);
	expect(
		files.filter((file) => !folders.some((folder) => existsSync(new URL(folder + file, root))))
	).toEqual([]);
});

test.each(Object.keys(TABLES))('%s has the tables that `npm run docs` writes', async (page) => {
	const written = read(page);
	expect(written).toBe(await withTables(page, written, protocol));
});
