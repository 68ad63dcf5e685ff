import { bulkInputSchema, invalid } from '$lib/protocol';
import { ask, noStore, problemResponse, readBody } from '../respond';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async (event) => {
	const body = await readBody(event.request);
	if (!body.ok) return problemResponse(body.problem);
	const input = bulkInputSchema.safeParse(body.value);
	if (!input.success) return problemResponse(invalid(input.error));
	const { dryRun, ...job } = input.data;
	return dryRun
		? ask(event, { type: 'bulk.preview', job })
		: ask(event, { type: 'bulk.start', job }, (run) =>
				Response.json(run, { status: 202, ...noStore })
			);
};
