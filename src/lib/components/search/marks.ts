import type { QueryProblem } from '$lib/protocol';

/** Splits a text at its mistakes; where they overlap, the first one wins. */
export function markedPieces(
	text: string,
	problems: readonly QueryProblem[]
): { from: number; text: string; isWrong: boolean }[] {
	const pieces: { from: number; text: string; isWrong: boolean }[] = [];
	let at = 0;
	const push = (to: number, isWrong: boolean) => {
		if (to > at) pieces.push({ from: at, text: text.slice(at, to), isWrong });
		at = Math.max(at, to);
	};
	for (const { from, to } of problems) {
		push(Math.min(from, text.length), false);
		push(Math.min(to, text.length), true);
	}
	push(text.length, false);
	return pieces;
}
