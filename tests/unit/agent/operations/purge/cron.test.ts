import { describe, expect, it } from 'vitest';
import { nextTimes } from '../../../../../src/lib/agent/operations/purge/cron';
import { ProblemError } from '../../../../../src/lib/protocol';

const at = (text: string) => Date.parse(text);
const next = (schedule: string, zone: string, after: string, many = 2) =>
	nextTimes({ schedule, zone }, at(after), many).map((time) => new Date(time).toISOString());

function problemOf(schedule: string, zone = 'UTC'): unknown {
	try {
		return nextTimes({ schedule, zone }, 0, 1);
	} catch (error) {
		return error instanceof ProblemError && error.problem.errors;
	}
}

describe('a schedule', () => {
	it('goes by the clock of its zone, on both sides of a change', () => {
		expect(next('0 3 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z')).toEqual([
			'2026-03-29T01:00:00.000Z',
			'2026-03-30T01:00:00.000Z'
		]);
		expect(next('0 3 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z')).toEqual([
			'2026-10-25T02:00:00.000Z',
			'2026-10-26T02:00:00.000Z'
		]);
	});

	it('fires on a day whose hour is skipped, and once where the hour is repeated', () => {
		expect(next('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z')).toEqual([
			'2026-03-29T01:00:00.000Z',
			'2026-03-30T00:30:00.000Z'
		]);
		expect(next('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z')).toEqual([
			'2026-10-25T00:30:00.000Z',
			'2026-10-26T01:30:00.000Z'
		]);
	});

	it('finds a leap day, also the one after a century without', () => {
		expect(next('0 0 29 2 *', 'UTC', '2026-01-01T00:00:00Z')).toEqual([
			'2028-02-29T00:00:00.000Z',
			'2032-02-29T00:00:00.000Z'
		]);
		expect(next('0 0 29 2 *', 'UTC', '2097-01-01T00:00:00Z', 1)).toEqual([
			'2104-02-29T00:00:00.000Z'
		]);
	});

	it.each(['', 'soon', '61 * * * *', '* * * *', '0 0 3 * * *', '@reboot', '* * * * * * *'])(
		'%j is none, and says so',
		(schedule) => {
			expect(problemOf(schedule)).toEqual([
				{ path: 'schedule', message: expect.stringContaining('five fields') }
			]);
		}
	);

	it('that never fires is refused', () => {
		expect(problemOf('0 0 30 2 *')).toEqual([
			{ path: 'schedule', message: expect.stringContaining('never fires') }
		]);
	});

	it.each(['', 'Mars/Olympus', 'Europe/'])('has no zone %j', (zone) => {
		expect(problemOf('0 3 * * *', zone)).toMatchObject([{ path: 'zone' }]);
	});
});
