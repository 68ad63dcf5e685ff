import { runHref } from '$lib/components/run/hrefs';
import type { Run } from '$lib/protocol';

/** Which generation the URL asks for. `none` is one that the run never had. */
export type Wanted = { kind: 'current' } | { kind: 'previous' | 'none'; generation: number };

/** Reads `?generation=`: without one, or with one that is no number, it is the present. */
export function wantedGeneration(params: URLSearchParams, newest: number): Wanted {
	const text = params.get('generation') ?? '';
	if (!/^\d{1,9}$/.test(text)) return { kind: 'current' };
	const generation = Number(text);
	if (generation === newest) return { kind: 'current' };
	return { kind: generation >= 1 && generation < newest ? 'previous' : 'none', generation };
}

/**
 * The page of one generation of a run; the newest one needs no number. A run that was opened from a
 * file stays on the `path` of files.
 */
export function generationHref(run: Run, generation: number, path = runHref(run)): string {
	return generation === run.generation ? path : `${path}?generation=${generation}`;
}

const ALL_UP_TO = 9;

/** Generations to choose from, oldest first; null stands for some that are left out. */
export function generationChoices(newest: number, chosen: number): (number | null)[] {
	if (newest <= ALL_UP_TO) return Array.from({ length: newest }, (_, index) => index + 1);
	const near = [1, chosen - 1, chosen, chosen + 1, newest - 1, newest];
	const shown = [...new Set(near)].filter((one) => one >= 1 && one <= newest);
	shown.sort((a, b) => a - b);
	return shown.flatMap((one, index) => (one - (shown[index - 1] ?? 0) > 1 ? [null, one] : [one]));
}
