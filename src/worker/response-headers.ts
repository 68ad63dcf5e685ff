// The headers of every answer that is not a websocket. A page's own policy comes from SvelteKit
// (svelte.config.js), which knows the nonces of its scripts.
import { isLoopback } from './request-checks';

const ALWAYS: Readonly<Record<string, string>> = {
	'x-content-type-options': 'nosniff',
	'x-frame-options': 'DENY',
	'referrer-policy': 'same-origin',
	'cross-origin-opener-policy': 'same-origin',
	'cross-origin-resource-policy': 'same-origin',
	'permissions-policy':
		'accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), ' +
		'magnetometer=(), microphone=(), midi=(), payment=(), usb=()'
};

/** For what is no page: a browser that renders it anyway runs nothing of it. */
const NO_PAGE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const YEAR_S = 31_536_000;

/** The answer with the headers that harden it; a websocket's as it is. */
export function hardened(request: Request, response: Response): Response {
	if (response.webSocket) return response;
	const url = new URL(request.url);
	// A body after the headers that answer a HEAD would be taken for the next answer.
	const answer = new Response(request.method === 'HEAD' ? null : response.body, response);
	const { headers } = answer;
	for (const [name, value] of Object.entries(ALWAYS)) headers.set(name, value);
	if (!headers.has('content-security-policy')) headers.set('content-security-policy', NO_PAGE);
	if (url.protocol === 'https:' && !isLoopback(url.hostname)) {
		headers.set('strict-transport-security', `max-age=${YEAR_S}`);
	}
	if (isPrivate(url.pathname, headers)) headers.set('cache-control', 'no-store');
	return answer;
}

/** Pages and answers say what one person may see; files of the build are the same for everyone. */
function isPrivate(pathname: string, headers: Headers): boolean {
	return (
		/^\/(api|agents)\//.test(pathname) ||
		/^text\/html|json/.test(headers.get('content-type') ?? '') ||
		!headers.has('cache-control')
	);
}
