import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig, type ProxyOptions } from 'vite';

const worker = process.env.WORKER_ORIGIN ?? 'http://localhost:8787';

/**
 * `vite dev` cannot host Durable Objects, so what they answer is passed on to `wrangler dev`.
 * The Worker refuses foreign Origins. Only the page's own one is rewritten to the Worker's: any
 * other site that calls the dev server stays refused.
 */
const toWorker: ProxyOptions = {
	target: worker,
	changeOrigin: true,
	ws: true,
	configure(proxy) {
		proxy.on('proxyReq', (outgoing, request) => {
			if (isOwnOrigin(request.headers)) outgoing.setHeader('origin', worker);
		});
		proxy.on('proxyReqWs', (outgoing, request) => {
			if (isOwnOrigin(request.headers)) outgoing.setHeader('origin', worker);
		});
	}
};

function isOwnOrigin(headers: { origin?: string | undefined; host?: string | undefined }) {
	return headers.origin !== undefined && headers.origin === `http://${headers.host ?? ''}`;
}

/**
 * What two pages share goes into one of two files: without this, a page asks for some 80. Packages
 * change less often than our own code, so a deploy leaves their file in the browser's cache.
 */
const SHARED_CHUNKS = [
	{ name: 'packages', test: /node_modules/, minShareCount: 2 },
	{ name: 'shared', minShareCount: 2 }
];

export default defineConfig(({ isSsrBuild }) => ({
	plugins: [sveltekit()],
	build: {
		// The first that know light-dark(). For older ones it would be rewritten to follow the system
		// only, and a theme that one has chosen would change nothing.
		cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
		// SvelteKit's own plugin takes most of the time, and nobody here can change that.
		rolldownOptions: {
			checks: { pluginTimings: false },
			...(isSsrBuild ? {} : { output: { codeSplitting: { groups: SHARED_CHUNKS } } })
		},
		// What all pages share is loaded once, whatever its size.
		chunkSizeWarningLimit: 700
	},
	// The pages' server code loads zod lazily. Left outside, it would make wrangler's bundler
	// initialise the Worker's own zod lazily too, after the Agents have already used it.
	ssr: { noExternal: ['zod'] },
	server: {
		port: 5173,
		strictPort: true,
		proxy: { '/agents': toWorker, '/api': toWorker }
	}
}));
