import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
	.map((file) => path.posix.join('src', file.replaceAll('\\', '/')))
	.filter((file) => /\.(ts|svelte)$/.test(file) && !file.endsWith('.d.ts'));
const texts = new Map(files.map((file) => [file, readFileSync(path.join(root, file), 'utf8')]));

const FILES_PER_FOLDER = 22;
const LINES_PER_FILE = 300;
const TINY_LINES = 25;
/** Flat shelves of UI primitives. */
const SHELVES = ['src/lib/components/ui'];

const linesOf = (text: string) => text.split('\n').length - 1;

function resolved(importer: string, specifier: string): string | undefined {
	const base = specifier.startsWith('$lib/')
		? `src/lib/${specifier.slice('$lib/'.length)}`
		: path.posix.join(path.posix.dirname(importer), specifier);
	return ['', '.ts', '.svelte', '.svelte.ts', '/index.ts']
		.map((suffix) => base + suffix)
		.find((file) => texts.has(file));
}

const IMPORT = /(?:from|import)\s*\(?\s*['"]((?:\.|\$lib\/)[^'"]*)['"]/g;
const importers = new Map<string, Set<string>>();
for (const [file, text] of texts) {
	for (const [, specifier = ''] of text.matchAll(IMPORT)) {
		const target = resolved(file, specifier);
		if (target) importers.set(target, (importers.get(target) ?? new Set()).add(file));
	}
}

const tested = readdirSync(path.join(root, 'tests'), { recursive: true, encoding: 'utf8' })
	.filter((file) => file.endsWith('.ts'))
	.map((file) => readFileSync(path.join(root, 'tests', file), 'utf8'))
	.join('\n');

describe('the structure of src', () => {
	test(`no folder holds more than ${FILES_PER_FOLDER} files`, () => {
		const folders = Map.groupBy(files, (file) => path.posix.dirname(file));
		const full = [...folders]
			.filter(([folder, held]) => held.length > FILES_PER_FOLDER && !SHELVES.includes(folder))
			.map(([folder, held]) => `${folder}: ${held.length}`);
		expect(full).toEqual([]);
	});

	test(`no file has more than ${LINES_PER_FILE} lines`, () => {
		const long = [...texts]
			.map(([file, text]) => ({ file, lines: linesOf(text) }))
			.filter(({ lines }) => lines > LINES_PER_FILE)
			.map(({ file, lines }) => `${file}: ${lines}`);
		expect(long).toEqual([]);
	});

	test('no tiny file has its only importer beside it, unless a test names it', () => {
		const tiny = [...texts]
			.filter(([file, text]) => linesOf(text) < TINY_LINES && !file.startsWith('src/lib/messages/'))
			.filter(([file]) => {
				const [only, ...others] = importers.get(file) ?? [];
				const isBeside =
					only &&
					!only.endsWith('/index.ts') &&
					path.posix.dirname(only) === path.posix.dirname(file);
				const name = path.posix.basename(file).replace(/\.(svelte\.ts|ts)$/, '');
				return isBeside && others.length === 0 && !tested.includes(`/${name}'`);
			})
			.map(([file]) => file);
		expect(tiny).toEqual([]);
	});

	test('no identifier is exported by two files', () => {
		const exporters = new Map<string, Set<string>>();
		for (const [file, text] of texts) {
			// SvelteKit names what routes and hooks export.
			const isNamedByKit = file.startsWith('src/routes/') || file.startsWith('src/hooks.');
			if (isNamedByKit || file.endsWith('/index.ts')) continue;
			const names = text.matchAll(
				/^export (?:async )?(?:abstract )?(?:const|function\*?|class|type|interface|enum) (\w+)/gm
			);
			for (const [, name = ''] of names) {
				exporters.set(name, (exporters.get(name) ?? new Set()).add(file));
			}
		}
		const twice = [...exporters]
			.filter(([, from]) => from.size > 1)
			.map(([name, from]) => `${name}: ${[...from].join(', ')}`);
		expect(twice).toEqual([]);
	});

	test('every file named .svelte.ts contains a rune', () => {
		const plain = [...texts]
			.filter(
				([file, text]) => file.endsWith('.svelte.ts') && !/\$(state|derived|effect)\b/.test(text)
			)
			.map(([file]) => file);
		expect(plain).toEqual([]);
	});
});
