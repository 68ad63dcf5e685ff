import { problem } from '$lib/protocol';
import { noStore, problemResponse } from '../respond';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ locals }) =>
	locals.me
		? Response.json(locals.me, noStore)
		: problemResponse(problem('unauthenticated', 'Nobody is signed in.'));
