/** Relative, in the browser's time zone, or in another zone (`UTC` or an IANA name). */
export type TimeStyle = 'relative' | 'local' | (string & {});

export type TimePrecision = 'seconds' | 'milliseconds';

const formatters = new Map<string, Intl.DateTimeFormat>();

export const ZONES: readonly string[] = ['UTC', ...Intl.supportedValuesOf('timeZone')];

export function isTimeStyle(text: string): boolean {
	if (text === 'relative' || text === 'local') return true;
	try {
		new Intl.DateTimeFormat(undefined, { timeZone: text });
		return true;
	} catch {
		return false; // unknown time zone
	}
}

/** A date and time in a zone: `20 Nov, 06:31:05` or `20 Nov, 06:31:05.042`. */
export function formatZoned(at: number, style: TimeStyle, precision: TimePrecision): string {
	const key = `${style} ${precision}`;
	let formatter = formatters.get(key);
	if (!formatter) {
		formatter = new Intl.DateTimeFormat(undefined, {
			month: 'short',
			day: 'numeric',
			hour: '2-digit',
			minute: '2-digit',
			second: '2-digit',
			...(precision === 'milliseconds' ? { fractionalSecondDigits: 3 as const } : {}),
			...(style === 'local' ? {} : { timeZone: style })
		});
		formatters.set(key, formatter);
	}
	return formatter.format(at);
}

/** The width that a column of times needs, rem. */
export function timeWidth(style: TimeStyle, precision: TimePrecision): number {
	if (style === 'relative') return 5.5;
	return precision === 'seconds' ? 9 : 11;
}
