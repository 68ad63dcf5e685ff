import type { Run } from '$lib/protocol';
import { ask, askWithBody, members, queryOf } from '../respond';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = (event) =>
	ask(event, { type: 'runs.list', query: queryOf(event) });

export const POST: RequestHandler = (event) =>
	askWithBody(
		event,
		(body) => ({ ...members(body), type: 'run.start' }),
		(value) => {
			const { workflow, id } = value as Run; // what a start answers with
			return Response.json(value, {
				status: 201,
				headers: { location: `/api/v1/runs/${workflow}/${id}` }
			});
		}
	);
