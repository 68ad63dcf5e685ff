import { env } from '$env/dynamic/private';
import type { Handle, HandleServerError } from '@sveltejs/kit';
import { decodeIdentity, IDENTITY_HEADER, problem, type Problem } from '$lib/protocol';
import { shellText } from '$lib/messages/pages/shell';
import { requestsText } from '$lib/messages/server/requests';

export const handle: Handle = async ({ event, resolve }) => {
	// The Worker wrote this header after finding out who asks; one from outside never gets here.
	event.locals.me = decodeIdentity(event.request.headers.get(IDENTITY_HEADER));
	const response = await resolve(event, {
		transformPageChunk: ({ html }) => fillPage(html, event.url.pathname)
	});
	const { pathname } = event.url;
	const type = response.headers.get('content-type') ?? '';
	if (!pathname.startsWith('/api/') || response.status < 400 || type.includes('problem+json')) {
		return response;
	}
	// What SvelteKit itself refuses under /api/ is answered as a problem document too.
	const failure = failureOf(response.status, event.request.method, pathname);
	return Response.json(failure, {
		status: failure.status,
		headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' }
	});
};

/** Writes into the page what is known before its script runs: the workspace, the title, the links. */
function fillPage(html: string, pathname: string): string {
	return html
		.replace('%signalbox.workspace%', workspaceAttribute)
		.replace('%signalbox.title%', () => titleOf(pathname))
		.replace('%signalbox.product%', () => shellText.product)
		.replace('%signalbox.navigation%', () =>
			PAGES.map(([href, label]) => `<a href="${href}">${label}</a>`).join('')
		);
}

/** The pages of the navigation, by their first path segment. */
const PAGES = [
	['/', shellText.overview],
	['/runs', shellText.runs],
	['/approvals', shellText.approvals],
	['/workflows', shellText.workflows],
	['/fleet', shellText.fleet],
	['/admin', shellText.admin]
] as const;

function titleOf(pathname: string): string {
	const [, segment = ''] = pathname.split('/');
	const [, label] = PAGES.find(([href]) => href === `/${segment}`) ?? [];
	return label === undefined ? shellText.product : shellText.documentTitle(label);
}

/** The workspace, for the page's socket. As text of an attribute: the name comes from a config. */
function workspaceAttribute(): string {
	return (env['WORKSPACE'] || 'main').replaceAll('&', '&amp;').replaceAll('"', '&quot;');
}

function failureOf(status: number, method: string, pathname: string): Problem {
	switch (status) {
		case 400: // the path cannot be decoded, so that no route sees it
			return problem('malformed-url', requestsText.malformedPath);
		case 404:
			return problem('not-found', requestsText.unknownPath(method, pathname));
		default:
			return problem('internal', requestsText.broken);
	}
}

/** A request that is wrong is no fault of ours; everything else is logged. */
export const handleError: HandleServerError = ({ error, status, message }) => {
	if (status >= 500) console.error(error);
	return { message };
};
