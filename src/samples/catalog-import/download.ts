import { NonRetryableError } from 'cloudflare:workflows';
import { ForbiddenAddressError, publicFetch } from '../../lib/workflows/public-fetch';

const MAX_BYTES = 10 * 1024 * 1024;

/**
 * Fetches a file. It is read to its end first, so that a stream that is handed out cannot fail.
 * An answer that a retry would not change (4xx, too large) is final; anything else may be tried
 * again.
 */
export async function download(url: string, allow: string): Promise<ReadableStream<Uint8Array>> {
	const response = await publicFetch(url, { signal: AbortSignal.timeout(60_000) }, allow).catch(
		final
	);
	if (!response.ok) {
		await response.body?.cancel();
		const problem = `${url} answered ${response.status}`;
		throw response.status < 500 ? new NonRetryableError(problem) : new Error(problem);
	}
	return new Blob(await readAll(response.body)).stream();
}

function final(error: unknown): never {
	if (!(error instanceof ForbiddenAddressError)) throw error;
	throw new NonRetryableError(error.message, error.name);
}

async function readAll(
	body: ReadableStream<Uint8Array> | null
): Promise<Uint8Array<ArrayBuffer>[]> {
	const chunks: Uint8Array<ArrayBuffer>[] = [];
	let bytes = 0;
	for await (const chunk of body ?? []) {
		bytes += chunk.byteLength;
		if (bytes > MAX_BYTES) {
			throw new NonRetryableError(`The file is larger than ${MAX_BYTES / 1024 / 1024} MiB`);
		}
		chunks.push(chunk.slice());
	}
	return chunks;
}
