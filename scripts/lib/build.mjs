import { text } from 'node:stream/consumers';
import { exitOf, program, start } from './processes.mjs';

/**
 * Builds the pages and the SvelteKit server into .svelte-kit/cloudflare. What the build says is
 * shown when it fails; its warnings always.
 * @returns {Promise<boolean>} whether it worked
 */
export async function buildApp() {
	const child = start([program('vite'), 'build', '--logLevel', 'warn'], {
		stdio: ['ignore', 'pipe', 'inherit']
	});
	const said = child.stdout ? text(child.stdout) : '';
	const code = await exitOf(child);
	if (code !== 0) console.error(await said);
	return code === 0;
}
