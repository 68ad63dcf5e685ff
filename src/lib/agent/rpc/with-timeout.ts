/** What {@link withTimeout} resolves with when the time is over. */
export const timedOut = Symbol('timed out');

/** Resolves with the value of the promise, or with `timedOut` after `ms`. */
export async function withTimeout<T>(
	promise: Promise<T>,
	ms: number
): Promise<T | typeof timedOut> {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const timeout = new Promise<typeof timedOut>((resolve) => {
		timer = setTimeout(() => resolve(timedOut), ms);
	});
	try {
		return await Promise.race([promise, timeout]);
	} finally {
		clearTimeout(timer);
	}
}
