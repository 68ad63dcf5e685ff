import { describe, expect, it } from 'vitest';
import { Requests } from '../../../src/lib/client/requests';
import { problem, type Answer, type RequestInput } from '../../../src/lib/protocol';
import { aRun } from '../support/runs';

const done: Answer<unknown> = { ok: true, value: aRun() };
const lost: Answer<unknown> = { ok: false, problem: problem('unavailable', 'lost') };
const refused: Answer<unknown> = { ok: false, problem: problem('invalid-params', 'wrong') };
const START = { type: 'run.start', workflow: 'REFUND', params: { order: '1' } } as const;

/** Requests that get these answers, and the keys they were sent with. */
function answered(...answers: Answer<unknown>[]) {
	const keys: (string | undefined)[] = [];
	const call = async ({ idempotencyKey }: RequestInput) => {
		keys.push(idempotencyKey);
		return answers[keys.length - 1] ?? done;
	};
	return { requests: new Requests({ call }), keys };
}

describe('the idempotency key of a change', () => {
	it('is the same when the answer was lost and the same is asked for again', async () => {
		const { requests, keys } = answered(lost, done);
		await requests.ask(START);
		await requests.ask(START);
		expect(keys[0]).toMatch(/^[!-~]+$/);
		expect(keys[1]).toBe(keys[0]);
	});

	it('is the same for a second press before the answer to the first', async () => {
		const { requests, keys } = answered();
		await Promise.all([requests.ask(START), requests.ask(START)]);
		expect(keys[1]).toBe(keys[0]);
	});

	it.each([
		['was done', done],
		['was refused', refused]
	])('is another one after the first %s', async (_, first) => {
		const { requests, keys } = answered(first);
		await requests.ask(START);
		await requests.ask(START);
		expect(keys[1]).not.toBe(keys[0]);
	});

	it('is another one for a form that was filled differently', async () => {
		const { requests, keys } = answered(lost, lost);
		await requests.ask(START);
		await requests.ask({ ...START, params: { order: '2' } });
		expect(keys[1]).not.toBe(keys[0]);
	});

	it('is not sent with what changes nothing', async () => {
		const { requests, keys } = answered();
		await requests.ask({ type: 'run.get', workflow: 'REFUND', id: 'r1' });
		expect(keys).toEqual([undefined]);
	});
});
