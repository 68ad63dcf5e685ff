// What every request must satisfy before anything looks at who makes it. Pure.
import { signInText } from '../lib/messages/server/sign-in';
import { problem, type Problem, OUTBOUND_HEADER } from '../lib/protocol';

/** Longest path, query string, single header and headers together, in characters. */
export const MAX_PATH = 4_096;
export const MAX_QUERY = 65_536;
export const MAX_HEADER = 16_384;
export const MAX_HEADERS = 65_536;

const METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE']);
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Headers that only this Worker, the SDK or the local server may set. */
const INTERNAL = /^(x-cf-agents?-|cf-agents?-|x-agents?-|x-partykit-|x-signalbox-|mf-)/;

/**
 * The problem with a request that cannot be read, is too large, or is one that Signalbox itself sent;
 * null for none.
 */
export function malformedRequest(request: Request): Problem | null {
	const { pathname, search } = new URL(request.url);
	if (request.headers.has(OUTBOUND_HEADER)) return problem('forbidden', signInText.ownRequest);
	if (!METHODS.has(request.method)) {
		return problem('method-not-allowed', signInText.methodUnknown(request.method));
	}
	if (pathname.length > MAX_PATH) {
		return problem('url-too-long', signInText.pathTooLong(MAX_PATH));
	}
	if (search.length > MAX_QUERY) {
		return problem('url-too-long', signInText.queryTooLong(MAX_QUERY));
	}
	const decoded = decodedPath(pathname);
	if (decoded === null) return problem('malformed-url', signInText.pathMalformed);
	if (CONTROL.test(decoded)) return problem('malformed-url', signInText.pathControl);
	return oversizedHeader(request.headers);
}

function decodedPath(pathname: string): string | null {
	try {
		return decodeURIComponent(pathname);
	} catch {
		return null; // a stray % or bytes that are no UTF-8
	}
}

function oversizedHeader(headers: Headers): Problem | null {
	let total = 0;
	for (const [name, value] of headers) {
		total += name.length + value.length;
		if (value.length > MAX_HEADER) {
			return problem('headers-too-large', signInText.headerTooLong(name, MAX_HEADER));
		}
	}
	if (total <= MAX_HEADERS) return null;
	return problem('headers-too-large', signInText.headersTooLong(MAX_HEADERS));
}

/** Removes what only this Worker, the SDK or the local server may say. */
export function removeInternalHeaders(headers: Headers): void {
	for (const name of [...headers.keys()]) if (INTERNAL.test(name)) headers.delete(name);
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

export function isLoopback(hostname: string): boolean {
	return LOOPBACK.has(hostname);
}

/**
 * The problem with a request that AUTH=local must not answer; null for one from this machine.
 *
 * A page of another host whose name was pointed at 127.0.0.1 (DNS rebinding) is same-origin with
 * this server for its browser. The host gives it away, unless the page sends `MF-Original-URL`,
 * with which the local server replaces URL and Host before the Worker sees them. What such a page
 * cannot do is send `Sec-Fetch-*`, which browsers add for secure and loopback hosts only, or leave
 * out `Accept-Language`, which they always send. Programs send neither.
 */
export function foreignHost(request: Request): Problem | null {
	const url = new URL(request.url);
	const host = request.headers.get('host') ?? url.host;
	for (const authority of [url.host, host]) {
		const isOurs = URL.canParse(`http://${authority}`);
		if (!isOurs || !isLoopback(new URL(`http://${authority}`).hostname)) {
			return problem('foreign-host', signInText.foreignHost(authority.slice(0, 100)));
		}
	}
	// A websocket's handshake takes no headers from a page, so its host is the real one.
	if (isUpgrade(request)) return null;
	const isBrowser = request.headers.has('accept-language');
	const isTrusted = request.headers.has('sec-fetch-site') || request.headers.has('sec-fetch-mode');
	return isBrowser && !isTrusted ? problem('foreign-host', signInText.foreignBrowser) : null;
}

export function isUpgrade(request: Request): boolean {
	return request.headers.get('upgrade')?.toLowerCase() === 'websocket';
}

/**
 * A websocket or a changing request that a page of another origin makes is refused: a browser sends
 * cookies with both. Requests without an Origin (curl, servers) are not a browser's.
 */
export function foreignOrigin(request: Request): Problem | null {
	const origin = request.headers.get('origin');
	const reading = ['GET', 'HEAD', 'OPTIONS'].includes(request.method);
	if (origin === null || (reading && !isUpgrade(request))) return null;
	if (URL.canParse(origin) && new URL(origin).host === new URL(request.url).host) return null;
	return problem('foreign-origin', signInText.foreignOrigin(origin.slice(0, 200)));
}
