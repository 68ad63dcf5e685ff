import { ask } from '../../../../respond';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = (event) => ask(event, { type: 'run.around', ...event.params });
