import { ForbiddenAddressError, publicFetch } from '../../lib/workflows/public-fetch';

/** What an audit found at one address; what is not known is null. */
export type LinkFinding = {
	url: string;
	ok: boolean;
	status: number | null;
	bytes: number | null;
	ms: number | null;
	/** Null for a link that is alive. */
	problem: string | null;
};

/** Reading stops here: an audit weighs pages, it does not mirror them. */
const MAX_BYTES = 10 * 1024 * 1024;

/**
 * Fetches one address. What the other side says about the link (2xx to 4xx) is a finding; that it
 * cannot say anything just now (no answer in time, 5xx) throws, so that the step tries again.
 */
export async function checkLink(url: string, timeoutMs: number, allow = ''): Promise<LinkFinding> {
	try {
		return await weigh(url, AbortSignal.timeout(timeoutMs), allow);
	} catch (error) {
		if (error instanceof ForbiddenAddressError) return deadLink(url, error.message);
		const isLate = error instanceof Error && error.name === 'TimeoutError';
		throw isLate ? new Error(`no answer within ${timeoutMs} ms`, { cause: error }) : error;
	}
}

async function weigh(url: string, signal: AbortSignal, allow: string): Promise<LinkFinding> {
	const startedAt = Date.now();
	const init = { headers: { 'user-agent': 'signalbox-link-audit' }, signal };
	const response = await publicFetch(url, init, allow);
	const { ok, status } = response;
	if (status >= 500) {
		await response.body?.cancel();
		throw new Error(answered(status));
	}
	const bytes = await countBytes(response.body);
	const problem = ok ? null : answered(status);
	return { url, ok, status, bytes, ms: Date.now() - startedAt, problem };
}

async function countBytes(body: ReadableStream<Uint8Array> | null): Promise<number> {
	let bytes = 0;
	if (!body) return bytes;
	for await (const chunk of body) {
		bytes += chunk.byteLength;
		if (bytes >= MAX_BYTES) break;
	}
	return bytes;
}

const answered = (status: number) => `answered ${status}`;

/** The finding for a link whose last try failed, from the failure's text. */
export function deadLink(url: string, message: string): LinkFinding {
	const status = /\banswered (\d{3})\b/.exec(message)?.[1];
	return {
		url,
		ok: false,
		status: status === undefined ? null : Number(status),
		bytes: null,
		ms: null,
		problem: plainly(message)
	};
}

/** Without the errors' class names, and without the runtime's own reference numbers. */
function plainly(message: string): string {
	const words = message.replace(/^(?:[A-Za-z]*Error: )+/, '');
	return words === '' || words.startsWith('internal error') ? 'cannot be reached' : words;
}
