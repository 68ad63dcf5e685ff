import { ask, askWithBody, members, noStore } from '../respond';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = (event) => ask(event, { type: 'webhooks.list' });

/** Links in what is sent lead to where this was asked, unless the body says otherwise. */
export const POST: RequestHandler = (event) =>
	askWithBody(
		event,
		(body) => ({ type: 'webhook.create', webhook: { base: event.url.origin, ...members(body) } }),
		(webhook) => Response.json(webhook, { status: 201, ...noStore })
	);
