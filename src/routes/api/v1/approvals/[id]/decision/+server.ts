import { askWithBody } from '../../../respond';
import type { RequestHandler } from './$types';

/** Read further than other bodies, so that a decision that is too large is refused on record, bytes. */
const MAX_BODY = 8_388_608;

export const POST: RequestHandler = (event) =>
	askWithBody(
		event,
		(decision) => ({ type: 'approval.decide', ...event.params, decision }),
		undefined,
		MAX_BODY
	);
