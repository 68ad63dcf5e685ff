import { ask } from '../../../respond';
import type { RequestHandler } from './$types';

export const PUT: RequestHandler = (event) =>
	ask(event, { type: 'view.pin', ...event.params, pinned: true });

export const DELETE: RequestHandler = (event) =>
	ask(event, { type: 'view.pin', ...event.params, pinned: false });
