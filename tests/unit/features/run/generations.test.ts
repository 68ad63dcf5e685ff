import { describe, expect, it } from 'vitest';
import { generationChoices, wantedGeneration } from '../../../../src/lib/features/run/generations';

const wanted = (search: string, newest: number) =>
	wantedGeneration(new URLSearchParams(search), newest);

describe('the generation that a URL asks for', () => {
	it('is the current one unless the URL names a previous one', () => {
		for (const search of ['', 'generation=3', 'generation=x', 'generation=1.5', 'generation=-1']) {
			expect(wanted(search, 3), search).toEqual({ kind: 'current' });
		}
		expect(wanted('generation=2', 3)).toEqual({ kind: 'previous', generation: 2 });
	});

	it('is said to be none when the run never had it', () => {
		expect(wanted('generation=4', 3)).toEqual({ kind: 'none', generation: 4 });
		expect(wanted('generation=0', 3)).toEqual({ kind: 'none', generation: 0 });
	});
});

describe('the choice of generations', () => {
	it('names all while they are few', () => {
		expect(generationChoices(3, 3)).toEqual([1, 2, 3]);
	});

	it('names the first, the newest and what lies around the chosen one of many', () => {
		expect(generationChoices(40, 12)).toEqual([1, null, 11, 12, 13, null, 39, 40]);
		expect(generationChoices(40, 40)).toEqual([1, null, 39, 40]);
		expect(generationChoices(40, 1)).toEqual([1, 2, null, 39, 40]);
	});
});
