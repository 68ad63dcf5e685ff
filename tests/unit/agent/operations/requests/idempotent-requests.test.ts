import { describe, expect, it } from 'vitest';
import {
	IDEMPOTENCY_MS,
	IdempotentRequests,
	runIdOf
} from '../../../../../src/lib/agent/operations/requests/idempotent-requests';
import { problem, type Answer, type OperationName } from '../../../../../src/lib/protocol';
import { memorySql } from '../../../support/sqlite';

const ana = (name: OperationName, input: object, key = 'k1') => ({
	...{ subject: 'local:ana', key, name, input }
});
const START = ana('run.start', { workflow: 'REFUND', params: { order: '1', amount: 5 } });

/** Counts how often a request is carried out. */
function begun(sql = memorySql()) {
	const requests = new IdempotentRequests(sql);
	requests.migrate();
	let carriedOut = 0;
	const done = async (): Promise<Answer<unknown>> => {
		carriedOut += 1;
		await Promise.resolve();
		return { ok: true, value: { run: carriedOut } };
	};
	return { requests, sql, done, count: () => carriedOut };
}

describe('a request with an idempotency key', () => {
	it('is carried out once, and a repeated one gets the first answer, after a restart too', async () => {
		const { requests, sql, done, count } = begun();
		const first = await requests.once(START, 0, done);
		const reordered = ana('run.start', { params: { amount: 5, order: '1' }, workflow: 'REFUND' });
		expect(await requests.once(reordered, 1, done)).toEqual(first);
		const after = new IdempotentRequests(sql);
		after.migrate();
		expect(await after.once(START, 2, done)).toEqual(first);
		expect(count()).toBe(1);
	});

	it('is carried out once when both come at the same time', async () => {
		const { requests, done, count } = begun();
		const both = [requests.once(START, 0, done), requests.once(START, 0, done)];
		const [first, second] = await Promise.all(both);
		expect(second).toEqual(first);
		expect(count()).toBe(1);
	});

	it('is refused with another body or for another operation', async () => {
		const { requests, done, count } = begun();
		await requests.once(START, 0, done);
		for (const other of [ana('run.start', { workflow: 'REFUND' }), ana('run.pause', START.input)]) {
			expect(await requests.once(other, 1, done)).toMatchObject({
				problem: { status: 422, type: 'urn:signalbox:problem:idempotency-key-reused' }
			});
		}
		expect(count()).toBe(1);
	});

	it('is nobody else’s: keys of two people are two keys', async () => {
		const { requests, done, count } = begun();
		await requests.once(START, 0, done);
		await requests.once({ ...START, subject: 'local:bob' }, 1, done);
		expect(count()).toBe(2);
	});

	it('is forgotten after a day', async () => {
		const { requests, done, count } = begun();
		await requests.once(START, 0, done);
		await requests.once(START, IDEMPOTENCY_MS, done);
		expect(count()).toBe(2);
	});

	it('can be made again when it was refused: nothing was changed', async () => {
		const { requests, done } = begun();
		const refuse = async () => ({ ok: false as const, problem: problem('invalid-params', 'x') });
		expect(await requests.once(START, 0, refuse)).toMatchObject({ ok: false });
		expect(await requests.once(START, 1, done)).toEqual({ ok: true, value: { run: 1 } });
	});

	it('that was interrupted is carried out again only where that has no second effect', async () => {
		const { requests, done, count } = begun();
		const fail = () => Promise.reject(new Error('reset'));
		const restart = ana('run.restart', { workflow: 'REFUND', id: 'r1' }, 'k2');
		await expect(requests.once(START, 0, fail)).rejects.toThrow('reset');
		await expect(requests.once(restart, 0, fail)).rejects.toThrow('reset');
		expect(await requests.once(START, 1, done)).toMatchObject({ ok: true });
		expect(await requests.once(restart, 1, done)).toMatchObject({
			problem: { status: 409, type: 'urn:signalbox:problem:outcome-unknown' }
		});
		expect(count()).toBe(1);
	});

	it('starts a run whose id follows from the key, the person and what is asked for', () => {
		expect(runIdOf(START)).toMatch(/^[0-9a-f]{32}$/);
		expect(runIdOf({ ...START })).toBe(runIdOf(START));
		expect(runIdOf({ ...START, subject: 'local:bob' })).not.toBe(runIdOf(START));
		expect(runIdOf({ ...START, input: {} })).not.toBe(runIdOf(START));
	});
});
