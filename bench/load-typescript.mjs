// Lets Node run this repository's TypeScript as it stands: imports inside it name no extension.
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

registerHooks({
	resolve(specifier, context, next) {
		const isOurs = context.parentURL && !context.parentURL.includes('/node_modules/');
		if (!specifier.startsWith('.') || !isOurs) return next(specifier, context);
		const endings = /\.[a-z]+$/.test(specifier) ? [''] : ['.ts', '/index.ts'];
		const found = endings
			.map((ending) => new URL(specifier + ending, context.parentURL))
			.find((url) => existsSync(fileURLToPath(url)));
		return next(found?.href ?? specifier, context);
	}
});
