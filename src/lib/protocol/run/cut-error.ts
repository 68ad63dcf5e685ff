// An error can have 1 MB: a list, an index and a page carry its beginning, and say how long it is.

/** The longest error that is kept with a run, bytes; the events have it whole. */
export const ERROR_BYTES = 16_000;
/** The longest error of a list row, bytes. */
export const ROW_ERROR_BYTES = 2_000;

type ThrownError = { name: string; message: string; stack?: string | undefined };

const NAME_BYTES = 200;
const CUT = /… \(([\d,]+) characters in all\)$/;
/** As long as the words behind a cut get, bytes. */
const CUT_BYTES = 60;

/** Cuts an error to so many bytes of UTF-8 in all, and says how long it was. */
export function cutError(error: ThrownError, maxBytes: number): ThrownError {
	const name = cutText(error.name, NAME_BYTES);
	const left = maxBytes - bytesOf(name);
	const message = cutText(error.message, left);
	const stackBytes = left - bytesOf(message);
	const stack = error.stack !== undefined && bytesOf(error.stack) <= stackBytes;
	if (name === error.name && message === error.message && (stack || error.stack === undefined)) {
		return error;
	}
	return stack ? { name, message, stack: error.stack } : { name, message };
}

function cutText(text: string, maxBytes: number): string {
	if (text.length * 3 <= maxBytes || bytesOf(text) <= maxBytes) return text;
	const size = CUT.exec(text)?.[1] ?? text.length.toLocaleString('en');
	const bytes = new TextEncoder().encode(text.slice(0, maxBytes));
	// Decoding drops the character that the cut went through.
	const kept = new TextDecoder().decode(bytes.slice(0, maxBytes - CUT_BYTES), { stream: true });
	return `${kept}… (${size} characters in all)`;
}

const bytesOf = (text: string) => new TextEncoder().encode(text).byteLength;
