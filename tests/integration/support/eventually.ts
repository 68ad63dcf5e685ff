const PATIENCE_MS = 120_000;

/** Reads again and again until `test` holds; fails with what was read last. */
export async function eventually<T>(
	read: () => Promise<T> | T,
	test: (value: T) => boolean,
	describe: (value: T) => string = (value) => JSON.stringify(value)
): Promise<T> {
	const giveUpAt = Date.now() + PATIENCE_MS;
	for (;;) {
		const value = await read();
		if (test(value)) return value;
		if (Date.now() > giveUpAt) throw new Error(`It did not happen: ${describe(value)}`);
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}
