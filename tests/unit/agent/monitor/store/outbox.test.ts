import { describe, expect, it } from 'vitest';
import { retryDelayMs } from '../../../../../src/lib/agent/monitor/store/outbox';
import { seeded } from '../../../support/runs';

const AGENTS = 10_000;

/** How many Agents come back in each second after an outage that all of them notice at once. */
function returnsPerSecond(outageMs: number): number[] {
	const random = seeded(5);
	const perSecond: number[] = [];
	for (let agent = 0; agent < AGENTS; agent += 1) {
		let at = 0;
		for (let failures = 0; at < outageMs; failures += 1) at += retryDelayMs(failures, random());
		const second = Math.floor((at - outageMs) / 1_000);
		perSecond[second] = (perSecond[second] ?? 0) + 1;
	}
	return [...perSecond].map((returned = 0) => returned);
}

describe('the retries of a fleet', () => {
	it.each([[60_000], [600_000], [3_600_000]])(
		'after an outage of %d ms, never more than one Agent in thirty returns in the same second',
		(outageMs) => {
			const perSecond = returnsPerSecond(outageMs);
			expect(Math.max(...perSecond)).toBeLessThan(AGENTS / 30);
			expect(perSecond.reduce((sum, returned) => sum + returned)).toBe(AGENTS);
			// The last one is not long after the rest.
			expect(perSecond.length).toBeLessThanOrEqual(90);
		}
	);

	it('begin soon and never wait for more than a minute and a half', () => {
		expect(retryDelayMs(0, 0)).toBe(250);
		expect(retryDelayMs(0, 1)).toBe(750);
		expect(retryDelayMs(50, 1)).toBe(90_000);
	});
});
