import { ask } from '../../respond';
import type { RequestHandler } from './$types';

export const DELETE: RequestHandler = (event) =>
	ask(
		event,
		{ type: 'webhook.delete', ...event.params },
		() => new Response(null, { status: 204 })
	);
