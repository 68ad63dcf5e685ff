import { env } from '$env/dynamic/private';
import type { Handle, HandleServerError } from '@sveltejs/kit';
import { decodeIdentity, IDENTITY_HEADER, problem, type ProblemKind } from '$lib/protocol';

/** What SvelteKit itself refuses under /api/ is answered as a problem document too. */
const KINDS: Record<number, ProblemKind> = { 404: 'not-found', 405: 'method-not-allowed' };

export const handle: Handle = async ({ event, resolve }) => {
	// The Worker wrote this header after finding out who asks; one from outside never gets here.
	event.locals.me = decodeIdentity(event.request.headers.get(IDENTITY_HEADER));
	const response = await resolve(event, {
		transformPageChunk: ({ html }) => html.replace('%signalbox.workspace%', workspaceAttribute)
	});
	const { pathname } = event.url;
	const type = response.headers.get('content-type') ?? '';
	if (!pathname.startsWith('/api/') || response.status < 400 || type.includes('problem+json')) {
		return response;
	}
	const kind = KINDS[response.status] ?? 'internal';
	const failure = problem(kind, `${event.request.method} ${pathname} is not part of the API.`);
	const headers = new Headers({ 'content-type': 'application/problem+json' });
	const allow = response.headers.get('allow');
	if (allow) headers.set('allow', allow);
	return Response.json(failure, { status: failure.status, headers });
};

/** The workspace, for the page's socket. As text of an attribute: the name comes from a config. */
function workspaceAttribute(): string {
	return (env['WORKSPACE'] || 'main').replaceAll('&', '&amp;').replaceAll('"', '&quot;');
}

/** A page that is not there is no fault of ours; everything else is logged. */
export const handleError: HandleServerError = ({ error, status, message }) => {
	if (status !== 404) console.error(error);
	return { message };
};
