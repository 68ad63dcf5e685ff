import { ask, askWithBody } from '../respond';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = (event) => ask(event, { type: 'views.list' });

export const POST: RequestHandler = (event) =>
	askWithBody(
		event,
		(view) => ({ type: 'view.save', view }),
		(value) => Response.json(value, { status: 201 })
	);
