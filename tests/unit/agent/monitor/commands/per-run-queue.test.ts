import { describe, expect, it } from 'vitest';
import { PerRunQueue } from '../../../../../src/lib/agent/monitor/commands/per-run-queue';

const RUN = { workflow: 'REFUND', id: 'run-1' };

describe('the commands of a run', () => {
	it('start in the order they were enqueued, each after the previous one has ended', async () => {
		const queue = new PerRunQueue();
		const order: string[] = [];
		const work = (name: string, ms: number) => async () => {
			order.push(`${name} starts`);
			await new Promise((resolve) => setTimeout(resolve, ms));
			order.push(`${name} ends`);
			return name;
		};
		const answers = await Promise.all([
			queue.enqueue(RUN, work('first', 20)),
			queue.enqueue(RUN, work('second', 0))
		]);
		expect(answers).toEqual(['first', 'second']);
		expect(order).toEqual(['first starts', 'first ends', 'second starts', 'second ends']);
	});

	it('continue after one that failed; only its own caller sees the error', async () => {
		const queue = new PerRunQueue();
		const failing = queue.enqueue(RUN, () => Promise.reject(new Error('refused')));
		const next = queue.enqueue(RUN, () => Promise.resolve('done'));
		await expect(failing).rejects.toThrow('refused');
		await expect(next).resolves.toBe('done');
	});

	it('do not wait for those of another run', async () => {
		const queue = new PerRunQueue();
		const stuck = queue.enqueue(RUN, () => new Promise<never>(() => undefined));
		const other = queue.enqueue({ ...RUN, id: 'run-2' }, () => Promise.resolve('done'));
		await expect(Promise.race([stuck, other])).resolves.toBe('done');
	});
});
