import { ask, askWithBody } from '../../respond';
import type { RequestHandler } from './$types';

export const PUT: RequestHandler = (event) =>
	askWithBody(event, (view) => ({ type: 'view.save', ...event.params, view }));

export const DELETE: RequestHandler = (event) =>
	ask(event, { type: 'view.delete', ...event.params }, () => new Response(null, { status: 204 }));
