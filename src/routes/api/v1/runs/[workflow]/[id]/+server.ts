import { ask } from '../../../respond';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = (event) => ask(event, { type: 'run.get', ...event.params });

export const DELETE: RequestHandler = (event) =>
	ask(event, { type: 'run.delete', ...event.params }, () => new Response(null, { status: 204 }));
