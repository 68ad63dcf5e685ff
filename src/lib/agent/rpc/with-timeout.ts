/** What {@link within} gives when the time is over. */
export const elapsed = Symbol('elapsed');

/** Resolves with the value, or with `elapsed` after `ms`. */
export async function within<T>(value: Promise<T>, ms: number): Promise<T | typeof elapsed> {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const clock = new Promise<typeof elapsed>((resolve) => {
		timer = setTimeout(() => resolve(elapsed), ms);
	});
	try {
		return await Promise.race([value, clock]);
	} finally {
		clearTimeout(timer);
	}
}
