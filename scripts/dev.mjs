// npm run dev: the Worker on 8787, and in front of it Vite on 5173 with hot reload for pages.
// Agents and workflows reload with the Worker. The HTTP API is part of SvelteKit's server build,
// so a change there shows after a new start.
import { unstable_readConfig } from 'wrangler';
import { buildApp } from './lib/build.mjs';
import { endWithSignals, exitOf, fail, program, start } from './lib/processes.mjs';
import { isFree, serveWorker } from './lib/worker-server.mjs';

const workerPort = Number(process.env.PORT || 8787);
const pagesPort = 5173;

// A server started from a shell may outlive the shell, one started by npm goes with npm.
if (process.env.npm_lifecycle_event) await import('./lib/end-with-parent.mjs');
endWithSignals({ exitCode: 0 });

try {
	for (const port of [workerPort, pagesPort]) {
		if (!(await isFree(port))) throw new Error(`Port ${port} is in use.`);
	}
	console.log('Building Signalbox ...');
	if (!(await buildApp())) throw new Error('The build failed: see the messages above.');

	const stateDir = process.env.STATE_DIR || '.wrangler/state';
	const { child: worker, origin } = await serveWorker({
		port: workerPort,
		stateDir,
		logLevel: 'log'
	});
	// Vite does not read wrangler.jsonc, and the page has to name the Worker's own workspace.
	const { vars } = unstable_readConfig({ config: 'wrangler.jsonc' });
	const workspace = process.env.WORKSPACE || String(vars.WORKSPACE ?? 'main');
	const pages = start([program('vite'), 'dev', '--clearScreen', 'false'], {
		env: { WORKER_ORIGIN: origin, WORKSPACE: workspace }
	});
	const ended = await Promise.race([
		exitOf(worker).then(() => 'The Worker'),
		exitOf(pages).then(() => 'Vite')
	]);
	throw new Error(`${ended} ended by itself.`);
} catch (error) {
	await fail(error);
}
