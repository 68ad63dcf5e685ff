import { askWithBody } from '../../../../respond';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = (event) =>
	askWithBody(event, () => ({ type: 'run.undo', ...event.params }));
