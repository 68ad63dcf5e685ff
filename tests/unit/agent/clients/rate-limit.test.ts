import { describe, expect, it, vi } from 'vitest';
import { RateLimit, ratesOf } from '../../../../src/lib/agent/clients/rate-limit';

describe('a rate limit', () => {
	it('allows a burst, and then as many a second as it refills', () => {
		const limit = new RateLimit({ burst: 3, perSecond: 2 });
		const taken = (now: number, most: number) => {
			let count = 0;
			while (count < most && limit.take('ana', now) === null) count += 1;
			return count;
		};
		expect(taken(0, 10)).toBe(3);
		expect(taken(1_000, 10)).toBe(2);
		expect(taken(60_000, 10)).toBe(3);
		expect(limit.take('ben', 60_000)).toBeNull();
	});

	it('says when there will be enough', () => {
		const limit = new RateLimit({ burst: 10, perSecond: 2 });
		expect(limit.take('ana', 0, 8)).toBeNull();
		expect(limit.take('ana', 0, 8)).toMatchObject({ status: 429, retryAfterS: 3 });
		expect(limit.take('ana', 3_000, 8)).toBeNull();
	});

	it('lets what costs more than a full bucket take all of it', () => {
		const limit = new RateLimit({ burst: 10, perSecond: 1 });
		expect(limit.take('ana', 0, 50)).toBeNull();
		expect(limit.take('ana', 9_000, 50)).toMatchObject({ retryAfterS: 1 });
		expect(limit.take('ana', 10_000, 50)).toBeNull();
	});

	it('gives nothing back when the clock is set back', () => {
		const limit = new RateLimit({ burst: 1, perSecond: 1 });
		expect(limit.take('ana', 10_000)).toBeNull();
		expect(limit.take('ana', 5_000)).not.toBeNull();
	});
});

describe('the variable RATE_LIMITS', () => {
	it('changes what it names', () => {
		const reads = { burst: 7, perSecond: 1 };
		expect(ratesOf({ RATE_LIMITS: JSON.stringify({ reads }) })).toEqual({
			...ratesOf({}),
			reads
		});
		expect(ratesOf({ RATE_LIMITS: ' ' })).toEqual(ratesOf({}));
	});

	it.each(['{', '7', '{"reads":{"burst":0,"perSecond":1}}', '{"reads":5}'])(
		'is ignored as %s, and the log says so',
		(text) => {
			const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
			expect(ratesOf({ RATE_LIMITS: text })).toEqual(ratesOf({}));
			expect(log).toHaveBeenCalledOnce();
			log.mockRestore();
		}
	);
});
