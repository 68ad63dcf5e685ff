import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

// For a test that hangs, never for a slow machine.
const testTimeout = 300_000;

export default defineConfig({
	test: {
		teardownTimeout: 60_000,
		// Vitest leaves a core free, which on two cores means that nothing runs in parallel.
		maxWorkers: Math.max(2, availableParallelism() - 1),
		projects: [
			{
				plugins: [sveltekit()],
				test: {
					name: 'unit',
					environment: 'node',
					include: ['tests/unit/**/*.test.ts'],
					exclude: ['**/*.svelte.test.ts'],
					// Without a worker for each file: no unit test changes anything that another one sees.
					isolate: false,
					testTimeout,
					// One zone on every machine, and one whose clocks change.
					env: { TZ: 'Europe/Berlin' }
				}
			},
			{
				plugins: [sveltekit()],
				// On a server runes are plain values: to react they want Svelte's browser build.
				resolve: { conditions: ['browser'] },
				test: {
					name: 'runes',
					environment: './tests/support/browser-code.ts',
					include: ['tests/unit/**/*.svelte.test.ts']
				}
			},
			{
				resolve: { alias: { $lib: fileURLToPath(new URL('src/lib', import.meta.url)) } },
				test: {
					name: 'integration',
					environment: 'node',
					include: ['tests/integration/**/*.test.ts'],
					globalSetup: 'tests/integration/support/fixture-worker.ts',
					testTimeout,
					hookTimeout: testTimeout,
					env: {
						WRANGLER_SEND_METRICS: 'false',
						WRANGLER_HIDE_BANNER: 'true',
						WRANGLER_LOG: 'error',
						// The place of a request (Request.cf) is asked from the network: not needed here.
						CLOUDFLARE_CF_FETCH_ENABLED: 'false',
						X_LOCAL_OBSERVABILITY: 'false'
					}
				}
			}
		]
	}
});
