import { isTimeZone } from '$lib/components/ui/time-zone.svelte';

/** Relative, in the browser's time zone, or in another zone (`UTC` or an IANA name). */
export type TimeStyle = 'relative' | 'local' | (string & {});

export type TimePrecision = 'seconds' | 'milliseconds';

export const ZONES: readonly string[] = ['UTC', ...Intl.supportedValuesOf('timeZone')];

export function isTimeStyle(text: string): boolean {
	return text === 'relative' || text === 'local' || isTimeZone(text);
}

/** The zone that a style names; null for the browser's. */
export function zoneOf(style: TimeStyle): string | null {
	return style === 'relative' || style === 'local' ? null : style;
}

/** The width that a column of times needs, rem. */
export function timeWidth(style: TimeStyle, precision: TimePrecision): number {
	if (style === 'relative') return 5.5;
	const zone = zoneOf(style) === null ? 0 : 5;
	return (precision === 'seconds' ? 9 : 11) + zone;
}
