import { invalid, purgeInputSchema } from '$lib/protocol';
import { ask, noStore, problemResponse, readBody } from '../respond';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async (event) => {
	const body = await readBody(event.request);
	if (!body.ok) return problemResponse(body.problem);
	const input = purgeInputSchema.safeParse(body.value);
	if (!input.success) return problemResponse(invalid(input.error));
	const { criteria, dryRun } = input.data;
	return dryRun
		? ask(event, { type: 'purge.preview', criteria })
		: ask(event, { type: 'purge.start', criteria }, (run) =>
				Response.json(run, { status: 202, ...noStore })
			);
};
