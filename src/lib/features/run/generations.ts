import { runHref } from '$lib/components/run/hrefs';
import type { Run } from '$lib/protocol';

/** The generation that a URL asks for; `none` if the run never had it. */
export type Wanted = { kind: 'current' } | { kind: 'previous' | 'none'; generation: number };

/** Reads `?generation=`. A missing or invalid number means the current generation. */
export function wantedGeneration(params: URLSearchParams, newest: number): Wanted {
	const text = params.get('generation') ?? '';
	if (!/^\d{1,9}$/.test(text)) return { kind: 'current' };
	const generation = Number(text);
	if (generation === newest) return { kind: 'current' };
	return { kind: generation >= 1 && generation < newest ? 'previous' : 'none', generation };
}

/**
 * The URL of a generation; the newest one needs no number. For a run from a file, `path` is the page
 * that opened the file.
 */
export function generationHref(run: Run, generation: number, path = runHref(run)): string {
	return generation === run.generation ? path : `${path}?generation=${generation}`;
}

const MAX_SHOWN = 9;

/** Generations to choose from, oldest first; null stands for omitted ones. */
export function generationChoices(newest: number, chosen: number): (number | null)[] {
	if (newest <= MAX_SHOWN) return Array.from({ length: newest }, (_, index) => index + 1);
	const near = [1, chosen - 1, chosen, chosen + 1, newest - 1, newest];
	const shown = [...new Set(near)].filter((one) => one >= 1 && one <= newest);
	shown.sort((a, b) => a - b);
	return shown.flatMap((one, index) => (one - (shown[index - 1] ?? 0) > 1 ? [null, one] : [one]));
}
