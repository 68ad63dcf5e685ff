import { ask, queryOf } from '../../respond';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = (event) =>
	ask(event, { type: 'bulk.get', ...event.params, query: queryOf(event) });
