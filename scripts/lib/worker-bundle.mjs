import { createInterface } from 'node:readline';
import { exitOf, program, start } from './processes.mjs';

/**
 * Bundles the Worker as a deploy would, into `outdir`, and prints its compressed size.
 * @param {string} outdir
 * @returns {Promise<boolean>} whether it worked
 */
export async function bundleWorker(outdir) {
	const child = start([program('wrangler'), 'deploy', '--dry-run', '--outdir', outdir], {
		stdio: ['ignore', 'pipe', 'inherit']
	});
	let size = '';
	createInterface({ input: child.stdout ?? process.stdin }).on('line', (line) => {
		size = /gzip: ([\d.]+ \w+)/.exec(line)?.[1] ?? size;
		if (/warning|error/i.test(line)) console.log(line);
	});
	const code = await exitOf(child);
	if (size) console.log(`The Worker's compressed size is ${size}.`);
	return code === 0;
}
