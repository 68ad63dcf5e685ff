import { ask } from '../../../respond';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = (event) => ask(event, { type: 'bulk.abort', ...event.params });
