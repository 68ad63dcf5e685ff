import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
	formatClock,
	formatDateTime,
	formatExactly,
	formatMinute
} from '../../../../src/lib/components/ui/time-format';
import { isTimeZone, timeZone } from '../../../../src/lib/components/ui/time-zone.svelte';

const at = (text: string) => Date.parse(text);
const NOW = at('2026-11-20T12:00:00Z');
const seconds = { precision: 'seconds' } as const;

beforeEach(() => {
	const kept = new Map<string, string>();
	const storage = {
		getItem: (key: string) => kept.get(key) ?? null,
		setItem: (key: string, value: string) => kept.set(key, value)
	};
	vi.stubGlobal('sessionStorage', storage);
	vi.stubGlobal('localStorage', storage);
});
afterEach(() => {
	timeZone.choose(null);
	vi.unstubAllGlobals();
});

describe('a time', () => {
	it('is in the zone that was chosen, which it names, wherever it stands', () => {
		timeZone.choose('Asia/Kathmandu');
		const time = at('2026-11-20T06:31:05Z');
		for (const text of [
			formatClock(time, NOW),
			formatMinute(time, NOW),
			formatDateTime(time, NOW, seconds),
			formatExactly(time)
		]) {
			expect(text).toMatch(/12:16/);
			expect(text).toContain('GMT+5:45');
		}
	});

	it('names no zone in the browser’s own, except in the hour that the clocks repeat', () => {
		expect(formatClock(at('2026-11-20T06:31:05Z'), NOW)).not.toMatch(/GMT|UTC/);
		const [first, second] = ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'].map((text) =>
			formatDateTime(at(text), NOW, seconds)
		);
		expect(first).toContain('GMT+2');
		expect(second).toContain('GMT+1');
		for (const text of ['2026-10-24T23:59:00Z', '2026-10-25T02:01:00Z', '2026-03-29T01:30:00Z']) {
			expect(formatDateTime(at(text), NOW, seconds)).not.toContain('GMT');
		}
	});

	it('has its year unless that is the current one', () => {
		expect(formatDateTime(at('2026-01-02T03:04:05Z'), NOW, seconds)).not.toContain('2026');
		expect(formatDateTime(at('2025-12-31T03:04:05Z'), NOW, seconds)).toContain('2025');
		expect(formatClock(at('2025-11-20T12:00:00Z'), NOW)).toContain('2025');
	});

	it('has its date by the day of the chosen zone', () => {
		const late = at('2026-11-20T22:30:00Z');
		expect(formatClock(late, NOW)).not.toContain('20');
		timeZone.choose('Asia/Tokyo');
		expect(formatClock(late, NOW)).toContain('21');
	});

	it('that is out of range is shown as the number it is', () => {
		expect(formatExactly(9e15)).toBe('9000000000000000');
		expect(formatClock(9e15, NOW)).toContain('9000000000000000');
		expect(formatMinute(NOW, 9e15)).toMatch(/0?1:00|13:00/);
	});
});

describe('the chosen zone', () => {
	it('is one that the browser knows', () => {
		expect(['UTC', 'Asia/Kathmandu'].every(isTimeZone)).toBe(true);
		expect(['Mars', '', 'relative'].some(isTimeZone)).toBe(false);
	});
});
