// Bundles the Worker of tests/fixtures once for all files, so that each starts in a second or two
// and none sees an edit that another has not seen.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
	interface ProvidedContext {
		/** The directory of the bundled fixture Worker. */
		fixtureWorker: string;
	}
}

const root = fileURLToPath(new URL('../../../', import.meta.url));

export default async function bundle(project: TestProject): Promise<() => Promise<void>> {
	if (!existsSync(path.join(root, '.svelte-kit/cloudflare/_worker.js'))) {
		throw new Error('The Worker contains the built app: run `npm run build` first.');
	}
	const outdir = await mkdtemp(path.join(tmpdir(), 'signalbox-fixture-'));
	await promisify(execFile)(
		process.execPath,
		[
			path.join(root, 'node_modules/wrangler/bin/wrangler.js'),
			'deploy',
			'--dry-run',
			...['--config', 'tests/fixtures/wrangler.jsonc'],
			...['--outdir', outdir]
		],
		{ cwd: root }
	);
	project.provide('fixtureWorker', outdir);
	return () => rm(outdir, { recursive: true, force: true });
}
