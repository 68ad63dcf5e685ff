// npm start: builds the app and serves it on the embedded workerd.
//   PORT          default 8787
//   STATE_DIR     where the data is kept, default .wrangler/state
//   WORKSPACE     default: what wrangler.jsonc says, which is main
//   --no-build    (or SKIP_BUILD=1) serve what was built before
//   --temporary   keep the data in a new directory that is removed at the end
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildApp } from './lib/build.mjs';
import { endWithSignals, exitOf, fail } from './lib/processes.mjs';
import { isFree, serveWorker } from './lib/worker-server.mjs';

const { values: flags } = parseArgs({
	options: { 'no-build': { type: 'boolean' }, temporary: { type: 'boolean' } }
});
const port = Number(process.env.PORT || 8787);
const stateDir = flags.temporary
	? mkdtempSync(path.join(tmpdir(), 'signalbox-'))
	: process.env.STATE_DIR || '.wrangler/state';

function cleanUp() {
	if (flags.temporary) rmSync(stateDir, { recursive: true, force: true });
}

// A server started from a shell may outlive the shell, one started by npm goes with npm.
if (process.env.npm_lifecycle_event) await import('./lib/end-with-parent.mjs');
endWithSignals({ exitCode: 0, cleanUp });

try {
	if (!Number.isInteger(port) || port < 1 || port > 65_535) {
		throw new Error(`PORT must be a number from 1 to 65535, not "${process.env.PORT}".`);
	}
	if (!(await isFree(port))) {
		throw new Error(`Port ${port} is in use. Choose another one: PORT=8790 npm start`);
	}
	if (!flags['no-build'] && !process.env.SKIP_BUILD) {
		console.log('Building Signalbox ...');
		if (!(await buildApp())) throw new Error('The build failed: see the messages above.');
	}
	const { child, origin } = await serveWorker({ port, stateDir });
	console.log(`Signalbox is ready on ${origin}`);
	const code = await exitOf(child);
	throw new Error(`The server ended by itself (exit code ${code}).`);
} catch (error) {
	await fail(error, cleanUp);
}
