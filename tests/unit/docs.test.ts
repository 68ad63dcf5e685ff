import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { REQUEST_ROLES } from '../../src/lib/protocol';
import { openApi } from '../../src/routes/api/v1/openapi.json/document';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

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

/** The cells of the rows of every table of a page whose first cell is code. */
function tableRows(path: string): string[][] {
	return read(path)
		.split('\n')
		.filter((line) => line.startsWith('| `'))
		.map((line) =>
			line
				.split('|')
				.map((cell) => cell.trim().replaceAll('`', ''))
				.slice(1, -1)
		);
}

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
		expect(paths.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
	});
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

test('docs/identity.md gives each request the roles that the server checks', () => {
	const told = Object.fromEntries(
		tableRows('docs/identity.md').map(([request = '', roles = '']) => [request, roles.split(', ')])
	);
	expect(told).toEqual(REQUEST_ROLES);
});

test('docs/http-api.md lists the calls that the API describes', () => {
	const told = tableRows('docs/http-api.md')
		.map(([call = '']) => call)
		.filter((call) => /^(GET|POST|PUT|PATCH|DELETE) /.test(call));
	const { paths } = openApi('1.0.0', 'http://localhost') as { paths: Record<string, object> };
	const described = Object.entries(paths).flatMap(([path, methods]) =>
		Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace('/api/v1', '')}`)
	);
	expect(told.toSorted()).toEqual(described.toSorted());
});
