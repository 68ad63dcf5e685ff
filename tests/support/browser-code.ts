import type { Environment } from 'vitest/runtime';

/**
 * Plain Node, but modules are built as for a browser, so that runes react. There is no DOM: what
 * needs one belongs in the e2e tests.
 */
export default {
	name: 'browser-code',
	viteEnvironment: 'client',
	setup: () => ({ teardown: () => undefined })
} satisfies Environment;
