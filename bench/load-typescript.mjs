// Lets Node run this repository's TypeScript as it stands: imports inside it name no extension, and
// those of the pages begin with `$lib`.
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const lib = new URL('../src/lib/', import.meta.url);

registerHooks({
	resolve(specifier, context, next) {
		const isOurs = context.parentURL && !context.parentURL.includes('/node_modules/');
		const path = specifier.startsWith('$lib/') ? new URL(specifier.slice(5), lib).href : specifier;
		if (!isOurs || (path === specifier && !specifier.startsWith('.'))) {
			return next(specifier, context);
		}
		const endings = /\.[a-z]+$/.test(path) ? [''] : ['.ts', '/index.ts'];
		const found = endings
			.map((ending) => new URL(path + ending, context.parentURL))
			.find((url) => existsSync(fileURLToPath(url)));
		return next(found?.href ?? path, context);
	}
});
