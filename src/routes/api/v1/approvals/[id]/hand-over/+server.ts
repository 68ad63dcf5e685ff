import { askWithBody, members } from '../../../respond';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = (event) =>
	askWithBody(event, (body) => ({
		...members(body),
		type: 'approval.hand-over',
		...event.params
	}));
