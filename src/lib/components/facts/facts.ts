import { factsText } from '$lib/messages/components/facts';
import { isSpecialValue, type Json, type JsonObject } from '../../protocol';
import { isObject } from '../schema-form/json-schema';

/** A fact in its most readable form: a text, a time, a table, or JSON. */
export type Fact =
	| { name: string; kind: 'text'; text: string }
	| { name: string; kind: 'time'; at: number }
	| { name: string; kind: 'table'; columns: string[]; rows: string[][] }
	| { name: string; kind: 'json'; value: Json };

/** A table with more columns is unreadable. */
const MAX_COLUMNS = 8;

export function readFacts(facts: JsonObject): Fact[] {
	return Object.entries(facts).map(([name, value]) => readFact(name, value));
}

function readFact(name: string, value: Json): Fact {
	if (typeof value === 'number' && isTime(name, value)) return { name, kind: 'time', at: value };
	if (isScalar(value)) return { name, kind: 'text', text: textOf(value) };
	if (Array.isArray(value)) {
		if (value.every(isScalar)) {
			return { name, kind: 'text', text: value.map(textOf).join(', ') || factsText.none };
		}
		const table = tableOf(value);
		if (table) return { name, kind: 'table', ...table };
	}
	return { name, kind: 'json', value };
}

/** Times are milliseconds since the epoch, with names that end in `At`. */
function isTime(name: string, value: number): boolean {
	return /At$/.test(name) && value > 1e12 && value < 1e13;
}

function tableOf(value: Json[]): { columns: string[]; rows: string[][] } | null {
	if (!value.every(isObject)) return null;
	const columns = [...new Set(value.flatMap(Object.keys))];
	const isFlat = value.every((row) => Object.values(row).every(isCell));
	if (columns.length > MAX_COLUMNS || !isFlat) return null;
	const rows = value.map((row) => columns.map((column) => cellOf(row[column])));
	return { columns, rows };
}

/** A value in one piece: also one that JSON cannot hold and that is shown by its text. */
const isScalar = (value: Json) =>
	typeof value !== 'object' || value === null || isSpecialValue(value);
const isCell = (value: Json) => isScalar(value) || (Array.isArray(value) && value.every(isScalar));

function cellOf(value: Json | undefined): string {
	if (value === undefined) return '';
	return Array.isArray(value) ? value.map(textOf).join(', ') : textOf(value);
}

/** Numbers are shown digit for digit: 2026 may be a year. */
function textOf(value: Json): string {
	if (isSpecialValue(value)) return value.text;
	if (typeof value === 'boolean') return value ? factsText.yes : factsText.no;
	return value === null ? factsText.none : String(value);
}
