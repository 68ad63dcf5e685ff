import { METADATA_PREFIX } from './parse';
import { writeDuration } from './quantities';
import { QUERY_FIELDS, type Quantity, type QueryTerm, type QueryValue } from './terms';

/** Characters that mean nothing anywhere in a query. */
const PLAIN = /^[^\s"\\:,*<>.-](?:[^\s"\\:,*<>.]|\.(?!\.))*$/;
/** The same in a value, where a colon means nothing either. */
const PLAIN_VALUE = /^[^\s"\\,*<>.](?:[^\s"\\,*<>.]|\.(?!\.))*$/;

function quoteUnless(plain: RegExp, text: string): string {
	return plain.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** The text of one term, as `parseQuery` reads it back. */
export function formatTerm(term: QueryTerm): string {
	const sign = term.negated ? '-' : '';
	if (term.kind === 'text') return sign + quoteUnless(PLAIN, term.text);
	const values = term.values.map(formatValue).join(',');
	if (term.kind === 'field') return `${sign}${term.field}:${values}`;
	return `${sign}${formatKey(term.key)}:${values}`;
}

/** The text of a query, as `parseQuery` reads it back. */
export function formatQuery(terms: readonly QueryTerm[]): string {
	return terms.map(formatTerm).join(' ');
}

/** A metadata key as a query writes it: prefixed where it would be read as a field. */
export function formatKey(key: string): string {
	const taken =
		key.startsWith(METADATA_PREFIX) || QUERY_FIELDS.some((field) => field === key.toLowerCase());
	return quoteUnless(PLAIN, taken ? `${METADATA_PREFIX}${key}` : key);
}

/** The text of one value of a term's list. */
export function formatValue(value: QueryValue): string {
	switch (value.kind) {
		case 'any':
			return '*';
		case 'text': {
			const text = quoteUnless(PLAIN_VALUE, value.text);
			return `${value.before ? '*' : ''}${text}${value.after ? '*' : ''}`;
		}
		case 'compare': {
			const comparator = value.comparator === '=' ? '' : value.comparator;
			return comparator + formatQuantity(value.quantity);
		}
		case 'between':
			return `${formatQuantity(value.low)}..${formatQuantity(value.high)}`;
	}
}

function formatQuantity(quantity: Quantity): string {
	switch (quantity.unit) {
		case 'number':
			return String(quantity.value);
		case 'duration':
		case 'ago':
			return writeDuration(quantity.ms);
		case 'time':
		case 'text':
			return quantity.text;
	}
}
