import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';

type Output = (chunk: string) => void;
type Stage = {
	name: string;
	needs: string[];
	run: (output: Output) => Promise<{ passed: number; failures: string[] }>;
};
type Result = { name: string; passed: number; failures: string[] };
type SideBySide = (
	stages: Stage[],
	options: { atOnce: number; write: Output }
) => Promise<Result[]>;

// The scripts are JavaScript, which the tests' TypeScript does not read.
const file = new URL('../../../scripts/lib/side-by-side.mjs', import.meta.url).href;
const { sideBySide } = (await import(/* @vite-ignore */ file)) as { sideBySide: SideBySide };

const good = { passed: 1, failures: [] };

async function printed(stages: Stage[], atOnce = 2) {
	const chunks: string[] = [];
	const results = await sideBySide(stages, { atOnce, write: (chunk) => chunks.push(chunk) });
	return { results, text: chunks.join('').replace(/\d+\.\d s/g, 'n s') };
}

test('what stages print is kept apart, in the order in which they begin', async () => {
	let release = () => {};
	const released = new Promise<void>((resolve) => (release = resolve));
	const slow: Stage['run'] = async (output) => {
		output('slow begins\n');
		await released;
		output('slow ends\n');
		return good;
	};
	const fast: Stage['run'] = async (output) => {
		output('fast\n');
		await sleep(0);
		setTimeout(release, 0);
		return good;
	};
	const { text } = await printed([
		{ name: 'slow', needs: [], run: slow },
		{ name: 'fast', needs: [], run: fast }
	]);
	expect(text.split('\n').filter(Boolean)).toEqual([
		'=== slow',
		'slow begins',
		'slow ends',
		'=== slow: passed in n s',
		'=== fast',
		'fast',
		'=== fast: passed in n s'
	]);
});

test('no more stages run at once than allowed', async () => {
	let running = 0;
	let most = 0;
	const run = async () => {
		most = Math.max(most, ++running);
		await sleep(1);
		running--;
		return good;
	};
	const stages = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, needs: [], run }));
	const { results } = await printed(stages);
	expect(results.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e']);
	expect(most).toBe(2);
});

test('a stage waits for what it needs, and is not run when that failed', async () => {
	const order: string[] = [];
	const stage = (name: string, needs: string[], failures: string[] = []): Stage => ({
		name,
		needs,
		run: async () => {
			order.push(name);
			return { passed: 0, failures };
		}
	});
	const { results } = await printed([
		stage('e2e', ['build']),
		stage('build', [], ['broken']),
		stage('unit', ['not chosen'])
	]);
	expect(order.toSorted()).toEqual(['build', 'unit']);
	expect(results.map(({ failures }) => failures)).toEqual([
		['not run, because build failed'],
		['broken'],
		[]
	]);
});

test('a stage that throws counts as one failure', async () => {
	const run = () => Promise.reject(new Error('out of luck'));
	const { results, text } = await printed([{ name: 'odd', needs: [], run }]);
	expect(results[0]?.failures).toEqual(['it could not be run']);
	expect(text).toContain('out of luck');
});
