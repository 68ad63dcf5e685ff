/** How times are written: how long ago, by this machine's clock, or by a zone's (`UTC`, IANA). */
export type TimeStyle = 'relative' | 'local' | (string & {});

/** How exactly times of a clock are written. */
export type TimePrecision = 'seconds' | 'milliseconds';

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Every zone that this browser knows. */
export const ZONES: readonly string[] = ['UTC', ...Intl.supportedValuesOf('timeZone')];

/** Is this a way to write times? */
export function isTimeStyle(text: string): boolean {
	if (text === 'relative' || text === 'local') return true;
	try {
		new Intl.DateTimeFormat(undefined, { timeZone: text });
		return true;
	} catch {
		return false; // Intl knows no such zone
	}
}

/** A time by a zone's clock, with its date: `20 Nov, 06:31:05`, `20 Nov, 06:31:05.042`. */
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

/** As wide as a column has to be for its times, rem. */
export function timeWidth(style: TimeStyle, precision: TimePrecision): number {
	if (style === 'relative') return 5.5;
	return precision === 'seconds' ? 9 : 11;
}
