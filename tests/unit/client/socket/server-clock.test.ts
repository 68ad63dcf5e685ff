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

	it('is set right by the first frame after a sleep in which the stopwatch stood still', () => {
		const clock = new ServerClock();
		clock.sample(1_000_000, 100);
		clock.sample(1_000_000 + 3_600_000, 200);
		expect(clock.at(200)).toBe(4_600_000);
	});
});
