import { describe, expect, it } from 'vitest';
import { toMs } from '../../../src/lib/workflows/duration';
import { dueAt } from '../../../src/samples/follow-up/follow-up-time';

describe('a duration', () => {
	it.each([
		['30 seconds', 30_000],
		['1 second', 1000],
		['90s', 90_000],
		['2 minutes', 120_000],
		['5m', 300_000],
		['1.5 hours', 5_400_000],
		['1 day', 86_400_000],
		[' 2 WEEKS ', 1_209_600_000],
		['0 seconds', 0]
	])('reads %j', (text, ms) => {
		expect(toMs(text)).toBe(ms);
	});

	it.each(['', 'seconds', '5', '5 ms', '-5 seconds', '1 month', '5 seconds later', '1e3 s'])(
		'does not read %j',
		(text) => {
			expect(toMs(text)).toBeNull();
		}
	);

	it('is milliseconds when it is a number', () => {
		expect(toMs(1500)).toBe(1500);
	});
});

describe('when a follow-up is due', () => {
	it('counts a duration from now', () => {
		expect(dueAt('2 minutes', 1000)).toBe(121_000);
		expect(dueAt(500, 1000)).toBe(1500);
	});

	it('is a time that is given, in its zone', () => {
		expect(dueAt('2026-12-24T18:00:00+01:00', 0)).toBe(Date.UTC(2026, 11, 24, 17));
		expect(dueAt('2026-12-24T18:00Z', 0)).toBe(Date.UTC(2026, 11, 24, 18));
	});

	it.each(['2026-12-24', '2026-12-24T18:00:00', '2026-13-01T00:00:00Z', 'soon'])(
		'is not known for %j',
		(after) => {
			expect(dueAt(after, 0)).toBeNull();
		}
	);
});
