import { program, run } from './processes.mjs';

/**
 * Builds the pages and the SvelteKit server into .svelte-kit/cloudflare. What the build says is
 * shown when it fails; its warnings always.
 * @param {import('./processes.mjs').Output} [output]
 * @returns {Promise<boolean>} whether it worked
 */
export async function buildApp(output = (chunk) => void process.stdout.write(chunk)) {
	let said = '';
	const code = await run([program('vite'), 'build', '--logLevel', 'warn'], {
		output: (chunk, isError) => {
			if (isError) output(chunk);
			else said += chunk.toString();
		}
	});
	if (code !== 0) output(said);
	return code === 0;
}
