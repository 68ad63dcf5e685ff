import { problem } from '$lib/protocol';
import { operations, problemResponse, queryOf } from '../../respond';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async (event) => {
	const { me } = event.locals;
	if (!me) return problemResponse(problem('unauthenticated', 'Nobody is signed in.'));
	const query = queryOf(event);
	const exported = await operations(event).exportRuns(me, { type: 'runs.export', query });
	if (!exported.ok) return problemResponse(exported.problem);
	const csv = query['format'] === 'csv';
	return new Response(exported.value, {
		headers: {
			'content-type': csv ? 'text/csv; charset=utf-8' : 'application/x-ndjson',
			'content-disposition': `attachment; filename="runs.${csv ? 'csv' : 'ndjson'}"`,
			'cache-control': 'no-store'
		}
	});
};
