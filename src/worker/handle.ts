// Finds out who asks, then routes. Everything but /api/v1/health is closed to those it does not know.
import svelteKit from '../../.svelte-kit/cloudflare/_worker.js';
import { signInText } from '../lib/messages/server/sign-in';
import { encodeIdentity, IDENTITY_HEADER, problem } from '../lib/protocol';
import { answerAgentRequest } from './agent-router';
import { discardBody } from './discard-body';
import { originOf, signIn } from './identity';
import { refusalResponse } from './refusal';
import { foreignOrigin, malformedRequest, removeInternalHeaders } from './request-checks';
import { hardened } from './response-headers';

/** Answers any request; it never throws. */
export async function handleRequest(
	request: Request,
	env: Env,
	ctx: ExecutionContext
): Promise<Response> {
	try {
		const known = withOwnConnectionName(request);
		const response = await answerRequest(request, known, env, ctx);
		await discardBody(known);
		return hardened(request, response);
	} catch (error) {
		console.error(error);
		return hardened(request, refusalResponse(request, problem('internal', signInText.internal)));
	}
}

/**
 * The request as it is passed on. A connection is not named by its client: the name could be taken
 * for another's, and a page that is back before its former socket is closed would lose what it looks
 * at with that one. That it brings a name at all stays known: such a client speaks the SDK's protocol.
 */
function withOwnConnectionName(request: Request): Request {
	const url = new URL(request.url);
	if (url.searchParams.has('_pk')) url.searchParams.set('_pk', crypto.randomUUID());
	return new Request(url, request);
}

/** @param known the same request, with the body */
async function answerRequest(
	request: Request,
	known: Request,
	env: Env,
	ctx: ExecutionContext
): Promise<Response> {
	const malformed = malformedRequest(request);
	if (malformed) return refusalResponse(request, malformed);
	const { pathname } = new URL(request.url);
	removeInternalHeaders(known.headers);
	if (pathname === '/api/v1/health') return svelteKit.fetch(known, env, ctx);
	const foreign = foreignOrigin(request);
	if (foreign) return refusalResponse(request, foreign);
	const signed = await signIn(request, env, ctx);
	if (!signed.ok) return refusalResponse(request, signed.problem);
	const me = { ...signed.identity, local: signed.local, from: originOf(request) };
	known.headers.set(IDENTITY_HEADER, encodeIdentity(me));
	if (!pathname.startsWith('/agents/')) return svelteKit.fetch(known, env, ctx);
	const answered = await answerAgentRequest(known, env, me);
	return answered instanceof Response ? answered : refusalResponse(request, answered);
}
