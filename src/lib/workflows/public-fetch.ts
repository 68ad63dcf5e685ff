import { OUTBOUND_HEADER, outboundProblem } from '../protocol';
import { outboundText } from '../messages/server/outbound';

/** How many redirects are followed, as browsers do. */
const MAX_REDIRECTS = 20;

/** The address is not one that Signalbox sends requests to. Asking again would not change it. */
export class ForbiddenAddressError extends Error {
	override readonly name = 'ForbiddenAddressError';
}

/**
 * `fetch` for addresses that people give: only to public hosts, also after each redirect.
 * With `redirect: 'manual'` the redirect itself is the answer.
 * @throws ForbiddenAddressError
 */
export async function publicFetch(
	address: string,
	init: RequestInit & { method?: 'GET' | 'HEAD' | 'POST' },
	allow: string
): Promise<Response> {
	let url = address;
	for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
		const problem = outboundProblem(url, allow);
		if (problem) throw new ForbiddenAddressError(problem);
		const headers = new Headers(init.headers);
		headers.set(OUTBOUND_HEADER, '1');
		const response = await fetch(url, { ...init, headers, redirect: 'manual' });
		const location = response.headers.get('location');
		const isRedirect = [301, 302, 303, 307, 308].includes(response.status) && location !== null;
		if (!isRedirect || init.redirect === 'manual') return response;
		await response.body?.cancel();
		url = URL.parse(location, url)?.href ?? location;
	}
	throw new ForbiddenAddressError(outboundText.tooManyRedirects(MAX_REDIRECTS));
}
