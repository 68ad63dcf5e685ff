import { adminAuditText as text } from '$lib/messages/pages/admin-audit';
import type { AuditExport } from '$lib/protocol';

/** What can be asked of the audit log, apart from the format of a file. */
export type AuditFilter = Omit<AuditExport, 'format'>;

/** Keys that the search box takes; the others have fields of their own. */
const KEYS = ['by', 'target', 'action', 'result'] as const;

/** `key:value`, `key:"a value"`, `"a text"` or a word. */
const PIECE = /([\w-]+):(?:"([^"]*)"|(\S+))|"([^"]*)"|(\S+)/g;

/** Reads the address of the page: the search box, the menus and the dates. */
export function readFilter(
	params: URLSearchParams,
	zone: string | null
): { filter: AuditFilter; error: string | undefined } {
	const filter: AuditFilter = {};
	const words: string[] = [];
	let error: string | undefined;
	for (const [, key, quoted, plain, phrase, word] of (params.get('q') ?? '').matchAll(PIECE)) {
		const value = quoted ?? plain;
		if (key === undefined || value === undefined) {
			words.push(phrase ?? word ?? '');
			continue;
		}
		const known = KEYS.find((name) => name === key.toLowerCase());
		if (known) filter[known] = value;
		else error ??= text.unknownKey(key, KEYS);
	}
	if (words.length > 0) filter.text = words.join(' ');
	for (const name of ['action', 'result'] as const) {
		const chosen = params.get(name);
		if (chosen) filter[name] = chosen;
	}
	const [from, to] = ['from', 'to'].map((name) => params.get(name) ?? '');
	const [begin, end] = [startOfDay(from, 0, zone), startOfDay(to, 1, zone)];
	if (begin !== null) filter.from = begin;
	if (end !== null) filter.to = end;
	return { filter, error };
}

/** The address of the file with the entries of a filter. */
export function auditFileHref(filter: AuditFilter, format: AuditExport['format']): string {
	const params = new URLSearchParams({ format });
	for (const [name, value] of Object.entries(filter)) params.set(name, String(value));
	return `/api/v1/audit/export?${params}`;
}

/**
 * When a day begins in a zone, or in the browser's own, Ms; null for what is no date.
 * @param date `2026-03-01`
 * @param later so many days after it
 */
export function startOfDay(
	date: string | undefined,
	later: number,
	zone: string | null
): number | null {
	const [, year = 0, month = 0, day = 0] = (/^(\d{4})-(\d\d)-(\d\d)$/.exec(date ?? '') ?? []).map(
		Number
	);
	if (year === 0) return null;
	if (zone === null) return new Date(year, month - 1, day + later).getTime();
	const utc = Date.UTC(year, month - 1, day + later);
	// The second time with the offset of that moment: the clocks may change in between.
	return utc - offsetAt(utc - offsetAt(utc, zone), zone);
}

/** How far a zone is ahead of UTC, Ms. */
function offsetAt(at: number, zone: string): number {
	const numeric = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;
	const clock = {
		hour: 'numeric',
		minute: 'numeric',
		second: 'numeric',
		hourCycle: 'h23'
	} as const;
	const parts = new Intl.DateTimeFormat('en-US', { ...numeric, ...clock, timeZone: zone })
		.formatToParts(at)
		.map(({ type, value }): [string, number] => [type, Number(value)]);
	const { year = 0, month = 1, day = 1, hour, minute, second } = Object.fromEntries(parts);
	return Date.UTC(year, month - 1, day, hour, minute, second) - at;
}
