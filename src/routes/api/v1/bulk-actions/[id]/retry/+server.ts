import { askWithBody, members, noStore } from '../../../respond';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = (event) =>
	askWithBody(
		event,
		(body) => ({ ...members(body), ...event.params, type: 'bulk.retry' }),
		(run) => Response.json(run, { status: 202, ...noStore })
	);
