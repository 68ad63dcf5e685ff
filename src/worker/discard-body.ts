/** The most that is read of a body that nobody needs, bytes; after that its connection may be closed. */
const MAX_DISCARDED_BYTES = 16 * 1024 * 1024;

/**
 * Reads what is left of a body that was not read, such as that of a refused request. Without this
 * workerd closes the connection while the client still sends, and the client sees a reset instead
 * of the answer (`canceledUploadGraceBytes` in KJ's HTTP server).
 */
export async function discardBody(request: Request): Promise<void> {
	if (!request.body || request.bodyUsed) return;
	let discarded = 0;
	try {
		for await (const chunk of request.body) {
			discarded += chunk.byteLength;
			if (discarded > MAX_DISCARDED_BYTES) return;
		}
	} catch {
		// The client has gone: nobody waits for the answer.
	}
}
