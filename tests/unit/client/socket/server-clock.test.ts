import { describe, expect, it } from 'vitest';
import { ServerClock } from '../../../../src/lib/client/socket/server-clock';

describe('the server clock', () => {
	it('is unknown before the server has said anything', () => {
		expect(new ServerClock().at(5)).toBeNull();
	});

	it('goes by the youngest of the last frames', () => {
		const clock = new ServerClock();
		clock.sample(1_000_000, 130); // 30 ms on its way
		clock.sample(1_001_000, 1_105); // 5 ms
		clock.sample(1_002_000, 2_180); // 80 ms
		expect(clock.at(3_000)).toBe(1_002_895);
	});

	it('is right after a sleep, in which the monotonic clock stood still, once two frames say so', () => {
		const clock = new ServerClock();
		for (let n = 0; n < 20; n += 1) clock.sample(1_000_000 + n, 100 + n);
		clock.sample(1_000_000 + 3_600_000, 200);
		clock.sample(1_000_010 + 3_600_000, 210);
		expect(clock.at(210)).toBe(4_600_010);
	});

	it.each([3_600_000, -3_600_000])(
		'is not moved by one server time that is off by %i ms',
		(off) => {
			const clock = new ServerClock();
			for (let n = 0; n < 5; n += 1) clock.sample(1_000_000 + n, n);
			clock.sample(1_000_005 + off, 5);
			expect(clock.at(5)).toBe(1_000_005);
			clock.sample(1_000_006, 6);
			expect(clock.at(6)).toBe(1_000_006);
		}
	);

	it('does not keep a first server time that is off', () => {
		const clock = new ServerClock();
		clock.sample(4_600_000, 0);
		clock.sample(1_000_010, 10);
		expect(clock.at(10)).toBe(1_000_010);
	});
});
