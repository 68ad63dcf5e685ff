// Lets Node run this repository's TypeScript as it stands: imports inside it name no extension.
import { registerHooks } from 'node:module';

registerHooks({
	resolve(specifier, context, next) {
		for (const ending of specifier.startsWith('.') ? ['', '.ts', '/index.ts'] : ['']) {
			try {
				return next(specifier + ending, context);
			} catch (error) {
				if (!['ERR_MODULE_NOT_FOUND', 'ERR_UNSUPPORTED_DIR_IMPORT'].includes(error.code))
					throw error;
			}
		}
		return next(specifier, context);
	}
});
