import { program, run } from './processes.mjs';

/**
 * Bundles the Worker as a deploy would, into `outdir`, and prints its compressed size.
 * @param {string} outdir
 * @param {import('./processes.mjs').Output} output
 * @returns {Promise<boolean>} whether it worked
 */
export async function bundleWorker(outdir, output) {
	let said = '';
	const code = await run([program('wrangler'), 'deploy', '--dry-run', '--outdir', outdir], {
		output: (chunk) => void (said += chunk.toString())
	});
	const lines = said.split('\n').filter((line) => /warning|error/i.test(line));
	const size = /gzip: ([\d.]+ \w+)/.exec(said)?.[1];
	output(code === 0 ? [...lines, `The Worker's compressed size is ${size}.`, ''].join('\n') : said);
	return code === 0;
}
