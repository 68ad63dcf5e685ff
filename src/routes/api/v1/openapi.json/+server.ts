import { version } from '../../../../../package.json';
import { openApi } from './document';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ url }) => Response.json(openApi(version, url.origin));
