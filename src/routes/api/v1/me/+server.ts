import { problem } from '$lib/protocol';
import { noStore, problemResponse } from '../respond';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ locals }) => {
	if (!locals.me) return problemResponse(problem('unauthenticated', 'Nobody is signed in.'));
	const { from: _from, ...me } = locals.me;
	return Response.json(me, noStore);
};
