import type { WebhookMessage } from '../../protocol';
import { ForbiddenAddressError } from '../public-fetch';

/** How long a webhook has to answer, Ms. */
const ANSWER_MS = 10_000;

/** Sends the request; it may refuse the address with a `ForbiddenAddressError`. */
export type Fetcher = (url: string, init: RequestInit & { method: 'POST' }) => Promise<Response>;

/** What a webhook answered: it has the message, or it is no use to ask again, and why. */
export type Posted = { status: number; refused: string | null };

/**
 * Posts a message. A redirect is not followed: where it leads, only people can say to be right. It
 * and 410 are final; any other failure is an error, to be tried again.
 */
export async function postMessage(
	{ url, body, headers }: WebhookMessage,
	fetcher: Fetcher
): Promise<Posted> {
	const init = {
		method: 'POST',
		body,
		headers: { ...headers },
		redirect: 'manual',
		signal: AbortSignal.timeout(ANSWER_MS)
	} as const;
	let response: Response;
	try {
		response = await fetcher(url, init);
	} catch (error) {
		if (!(error instanceof ForbiddenAddressError)) throw error;
		return { status: 0, refused: error.message };
	}
	await response.body?.cancel();
	const { status } = response;
	if (status >= 200 && status < 300) return { status, refused: null };
	if (status >= 300 && status < 400) {
		return { status, refused: `answered ${status}: redirects are not followed` };
	}
	if (status === 410) return { status, refused: 'answered 410: it wants no more' };
	throw new Error(`answered ${status}`);
}
