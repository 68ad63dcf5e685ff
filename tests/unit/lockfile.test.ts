import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Locked {
	optionalDependencies?: Record<string, string>;
}

// npm drops what it cannot find at the moment of `npm install`, and `npm ci` then refuses the file.
test('package-lock.json names the packages of every platform', () => {
	const file = readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8');
	const { packages } = JSON.parse(file) as { packages: Record<string, Locked> };
	const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
		Object.keys(optionalDependencies).filter(
			(name) => !packages[`${path}/node_modules/${name}`] && !packages[`node_modules/${name}`]
		)
	);
	expect(missing).toEqual([]);
});
