import { ownWorkflowsText } from '../../messages/server/own-workflows';
import type { WebhookMessage } from '../../protocol';
import { ForbiddenAddressError } from '../public-fetch';

/** How long a webhook may take to respond, Ms. */
const ANSWER_MS = 10_000;

/** Sends the request; it may refuse the address with a `ForbiddenAddressError`. */
export type Fetcher = (url: string, init: RequestInit & { method: 'POST' }) => Promise<Response>;

/** How a webhook responded. `refused` says why retries cannot help; null when it was delivered. */
export type Posted = { status: number; refused: string | null };

/**
 * Posts a message. Redirects are not followed, since nobody has approved where they lead. A redirect
 * and 410 are final; any other failure throws, so that it is retried.
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
		return { status, refused: ownWorkflowsText.redirected(status) };
	}
	if (status === 410) return { status, refused: ownWorkflowsText.gone };
	throw new Error(ownWorkflowsText.failed(status));
}
