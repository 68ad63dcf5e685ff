import adapter from '@sveltejs/adapter-cloudflare';

/** @type {import('@sveltejs/kit').Config} */
const config = {
	kit: {
		// The adapter overwrites the file that its config names as `main`. It gets a config of its
		// own, so that wrangler.jsonc can name our entry, which imports what the adapter writes.
		adapter: adapter({
			config: 'wrangler.kit.jsonc',
			fallback: 'spa',
			platformProxy: { configPath: 'wrangler.kit.jsonc' }
		}),
		// The Worker refuses foreign Origins at every door (src/worker/identity.ts). SvelteKit's own
		// check would refuse scripts that send JSON without saying so.
		csrf: { trustedOrigins: ['*'] },
		// The other headers of a page are the Worker's (src/worker/response-headers.ts). Only here are
		// the nonces of a page's inline scripts known.
		csp: {
			mode: 'nonce',
			directives: {
				'default-src': ['none'],
				'script-src': ['self'],
				'style-src': ['self'],
				// The one style attribute there is: SvelteKit hides its announcer of pages with it.
				'style-src-attr': ['unsafe-hashes', 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='],
				'img-src': ['self', 'data:'],
				'font-src': ['self'],
				'connect-src': ['self'],
				'manifest-src': ['self'],
				'worker-src': ['self'],
				'base-uri': ['none'],
				'form-action': ['self'],
				'frame-ancestors': ['none']
			}
		},
		typescript: {
			config(generated) {
				generated.include = [
					'ambient.d.ts',
					'non-ambient.d.ts',
					'types/**/$types.d.ts',
					'../src/**/*.ts',
					'../src/**/*.svelte',
					'../tests/**/*.ts'
				];
				generated.exclude = ['../node_modules/**', '../tests/e2e/**'];
			}
		}
	}
};

export default config;
