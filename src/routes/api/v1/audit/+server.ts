import { ask, queryOf } from '../respond';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = (event) =>
	ask(event, { type: 'audit.list', query: queryOf(event) });
