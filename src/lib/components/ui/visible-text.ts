// Text from workflows is drawn as it is. Characters that only turn the direction of text would draw
// `\u202e12.0 EUR` as `RUE 0.21`: they are shown by their code points instead, and turn nothing.

const CONTROLS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** The text with bidirectional control characters made visible: `[U+202E]12.0 EUR[U+202C]`. */
export function visibleText(text: string): string {
	return text.replace(CONTROLS, (control) => {
		const code = (control.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
		return `[U+${code}]`;
	});
}

const graphemes = new Intl.Segmenter();

/** Splits a text before its last `keep` UTF-16 units, or a little earlier: never within a character. */
export function splitEnd(text: string, keep: number): [start: string, end: string] {
	const wanted = Math.max(0, text.length - keep);
	const cut = graphemes.segment(text).containing(wanted)?.index ?? wanted;
	return [text.slice(0, cut), text.slice(cut)];
}
