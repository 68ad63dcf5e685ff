import { hasEnded, type Identity } from '../../protocol';
import { signInText } from '../../messages/server/sign-in';

/** What the reader of a stream meets when its session ends: a file that is cut off has to look so. */
type SessionEnd = 'close' | 'fail';

/**
 * A stream that lasts no longer than the session of who reads it. Whether it has ended is looked at
 * with every chunk, so a stream that can be idle has to say from time to time that it still is there.
 */
export function withinSession(
	stream: ReadableStream<Uint8Array>,
	by: Pick<Identity, 'sessionEndsAt'>,
	end: SessionEnd
): ReadableStream<Uint8Array> {
	const reader = stream.getReader();
	return new ReadableStream<Uint8Array>({
		async pull(controller) {
			const { done, value } = await reader.read();
			if (done) return controller.close();
			if (!hasEnded(by, Date.now())) return controller.enqueue(value);
			await reader.cancel();
			if (end === 'close') controller.close();
			else controller.error(new Error(signInText.sessionEnded));
		},
		cancel: (reason) => reader.cancel(reason)
	});
}
