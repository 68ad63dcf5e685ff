import { problem } from '$lib/protocol';
import { ask, askWithBody, operations, problemResponse, queryOf } from '../../../../respond';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async (event) => {
	const after = event.request.headers.get('last-event-id');
	const request = {
		...(after === null ? {} : { after }),
		...queryOf(event),
		type: 'run.events',
		...event.params
	} as const;
	if (!event.request.headers.get('accept')?.includes('text/event-stream'))
		return ask(event, request);
	const { me } = event.locals;
	if (!me) return problemResponse(problem('unauthenticated', 'Nobody is signed in.'));
	const streamed = await operations(event).stream(me, request);
	if (!streamed.ok) return problemResponse(streamed.problem);
	return new Response(streamed.value, {
		headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }
	});
};

export const POST: RequestHandler = (event) =>
	askWithBody(event, (body) => ({ type: 'run.send-event', ...event.params, event: body }));
