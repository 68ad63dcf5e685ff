import { ask, queryOf } from '../respond';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = (event) =>
	ask(event, { type: 'agents.list', query: queryOf(event) });
