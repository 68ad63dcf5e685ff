import { json } from '@sveltejs/kit';
import { version } from '../../../../../package.json';
import type { RequestHandler } from './$types';

/** When this isolate answered first, Ms. */
let upSince = 0;

export const GET: RequestHandler = () => {
	upSince ||= Date.now();
	return json(
		{ status: 'ok', version, uptimeMs: Date.now() - upSince },
		{ headers: { 'cache-control': 'no-store' } }
	);
};
