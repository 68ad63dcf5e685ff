import { program, run } from './processes.mjs';

/**
 * Builds the pages and the SvelteKit server into .svelte-kit/cloudflare. What the build says is
 * shown when it fails; its warnings always.
 * @param {import('./processes.mjs').Output} [output]
 * @returns {Promise<boolean>} whether it worked
 */
export async function buildApp(output) {
	return (await run([program('vite'), 'build', '--logLevel', 'warn'], { output })) === 0;
}
