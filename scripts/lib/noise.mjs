/**
 * Lines of `wrangler dev` that alarm a reader and mean nothing: workerd's own report of a fetch that
 * found no host (the Worker gets it as an error, too), the engine's word that it stops an instance
 * because it was told to, or because somebody rejected it (the dashboard says so), what an evicted
 * Agent leaves behind, its word that a trace ended before the read that it traced (each read of a
 * history is left that way), and the blank lines between reports.
 */
const NOISE = [
	/^\s*$/,
	/^\S* ?\[ERROR\]\s*$/,
	/Uncaught Error: Aborting engine: /,
	/Uncaught (Error: )?WorkflowRejectedError: /,
	/Uncaught Error: The execution context which hosts this callback is no longer running/,
	/exception = workerd\/io\/trace-stream\.c\+\+:\d+: disconnected: /,
	/e = rust\/worker\/ffi\.rs:\d+: failed: /,
	/^\s*stack: .*\bworkerd@[0-9a-f]+/
];

// eslint-disable-next-line no-control-regex -- colours are made of control characters
const COLOUR = /\u001b\[[\d;]*m/g;

/** @param {string} line */
export function isNoise(line) {
	const text = line.replace(COLOUR, '');
	return NOISE.some((pattern) => pattern.test(text));
}
