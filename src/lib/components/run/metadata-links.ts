import { exactly, formatTerm, isSpecialValue, type Json, type JsonObject } from '../../protocol';
import { runsHref } from './hrefs';

/** A metadata value, and the list of all runs that share it. */
export type MetadataLink = { key: string; value: string; href: string };

/** Every metadata value of a run; keys of nested objects are dotted, as in a query. */
export function metadataLinks(metadata: JsonObject): MetadataLink[] {
	return Object.entries(metadata).flatMap(([key, value]) => linksOf(key, value));
}

function linksOf(key: string, value: Json): MetadataLink[] {
	if (Array.isArray(value)) return value.flatMap((element) => linksOf(key, element));
	if (typeof value === 'object' && value !== null && !isSpecialValue(value)) {
		return Object.entries(value).flatMap(([name, inner]) => linksOf(`${key}.${name}`, inner));
	}
	const text = isSpecialValue(value) ? value.text : String(value);
	const term = formatTerm({ kind: 'metadata', negated: false, key, values: [exactly(text)] });
	return [{ key, value: text, href: runsHref(term) }];
}
