import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);

/** The paths in README.md's file map: the first word of each line of the block after "map". */
function mappedPaths(): string[] {
	const readme = readFileSync(new URL('README.md', root), 'utf8');
	const section = readme.split(/^#+ /m).find((text) => /^[^\n]*\bmap\b/i.test(text)) ?? '';
	const block = /```[a-z]*\n([\s\S]*?)```/.exec(section)?.[1] ?? '';
	return block
		.split('\n')
		.map((line) => line.trim().split(/\s+/)[0] ?? '')
		.filter((path) => path !== '');
}

describe('the file map of README.md', () => {
	test('is there', () => {
		expect(mappedPaths().length).toBeGreaterThan(5);
	});

	test('names only paths that exist', () => {
		const missing = mappedPaths().filter((path) => !existsSync(new URL(path, root)));
		expect(missing).toEqual([]);
	});
});
