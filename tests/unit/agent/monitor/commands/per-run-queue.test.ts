import { describe, expect, it } from 'vitest';
import { Turns } from '../../../../../src/lib/agent/monitor/commands/per-run-queue';

const RUN = { workflow: 'REFUND', id: 'run-1' };

describe('the turns of a run', () => {
	it('begin in the order they were asked for, each when the one before has ended', async () => {
		const turns = new Turns();
		const order: string[] = [];
		const work = (name: string, ms: number) => async () => {
			order.push(`${name} begins`);
			await new Promise((resolve) => setTimeout(resolve, ms));
			order.push(`${name} ends`);
			return name;
		};
		const answers = await Promise.all([
			turns.take(RUN, work('first', 20)),
			turns.take(RUN, work('second', 0))
		]);
		expect(answers).toEqual(['first', 'second']);
		expect(order).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
	});

	it('go on after one that failed, which tells its own caller only', async () => {
		const turns = new Turns();
		const failing = turns.take(RUN, () => Promise.reject(new Error('refused')));
		const next = turns.take(RUN, () => Promise.resolve('done'));
		await expect(failing).rejects.toThrow('refused');
		await expect(next).resolves.toBe('done');
	});

	it('do not wait for those of another run', async () => {
		const turns = new Turns();
		const stuck = turns.take(RUN, () => new Promise<never>(() => undefined));
		const other = turns.take({ ...RUN, id: 'run-2' }, () => Promise.resolve('done'));
		await expect(Promise.race([stuck, other])).resolves.toBe('done');
	});
});
