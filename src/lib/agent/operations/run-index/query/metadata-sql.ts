import {
	dateBound,
	isOfDates,
	parseNumber,
	type QueryTerm,
	type QueryValue
} from '../../../../protocol';
import { among, beginsWith, isExact, NEVER, numberTest, textTest } from './column-sql';
import type { RunMetadata } from '../tables/metadata';
import type { CompiledTerm } from './compiled-term';
import { Fragment, join, sql } from '../../../db/sql';

type MetadataTerm = Extract<QueryTerm, { kind: 'metadata' }>;

const TEXT = new Fragment('v.text');
const NUMBER = new Fragment('v.number');
const NOTHING: CompiledTerm = { test: NEVER, source: sql`SELECT 0 AS run WHERE 0`, size: 0 };

/** Compiles a metadata term; its keys and values are looked up first, so SQL sees numbers only. */
export function compileMetadata(term: MetadataTerm, metadata: RunMetadata): CompiledTerm {
	return { ...compileValues(term, metadata), numberOnly: true };
}

function compileValues(term: MetadataTerm, metadata: RunMetadata): CompiledTerm {
	const any = term.values.some((value) => value.kind === 'any');
	const keys = metadata.keys(term.key, any);
	const [key] = keys;
	if (!key) return NOTHING;
	const ids = keys.map((found) => found.key);
	if (any)
		return {
			test: sql`EXISTS (SELECT 1 FROM sb_meta m WHERE m.run = r.run AND ${among(KEY, ids)})`,
			source: sql`SELECT DISTINCT m.run FROM sb_meta_values v
				CROSS JOIN sb_meta m ON m.value = v.value WHERE ${among(new Fragment('v.key'), ids)}`,
			size: keys.length === 1 ? key.runs : null
		};
	if (term.values.every(isExact)) return exactValues(term, key, metadata);
	const [only] = term.values;
	if (
		term.values.length === 1 &&
		only &&
		only.kind !== 'text' &&
		only.kind !== 'any' &&
		!isOfDates(only)
	)
		return oneRange(only, key);
	return anyValues(term.values, key);
}

const KEY = new Fragment('m.key');
const VALUE = new Fragment('m.value');

type Key = { key: number; multiple: boolean };

/** A run may have several values of such a key, and must still come once. */
function once({ multiple }: Key): Fragment {
	return new Fragment(multiple ? 'DISTINCT' : '');
}

function exactValues(term: MetadataTerm, key: Key, metadata: RunMetadata): CompiledTerm {
	const found = new Map(
		term.values
			.filter(isExact)
			.flatMap(({ text }) => metadata.values(key.key, text, parseNumber(text)))
			.map(({ value, runs }) => [value, runs])
	);
	const values = [...found.keys()];
	if (values.length === 0) return NOTHING;
	const runs = [...found.values()].reduce((sum, next) => sum + next, 0);
	return {
		test: sql`EXISTS (SELECT 1 FROM sb_meta m WHERE ${among(VALUE, values)} AND m.run = r.run)`,
		source: sql`SELECT ${once(key)} m.run FROM sb_meta m WHERE ${among(VALUE, values)}`,
		size: values.length === 1 || !key.multiple ? runs : null
	};
}

function oneRange(value: QueryValue, key: Key): CompiledTerm {
	const inRange = numberTest(new Fragment('m.number'), [value], 0);
	const test = sql`m.key = ${key.key} AND m.number IS NOT NULL AND ${inRange}`;
	return {
		test: sql`EXISTS (SELECT 1 FROM sb_meta m WHERE m.run = r.run AND ${test})`,
		source: sql`SELECT ${once(key)} m.run FROM sb_meta m WHERE ${test}`,
		size: null
	};
}

function anyValues(values: readonly QueryValue[], key: Key): CompiledTerm {
	const test = join(values.map(valueTest), ' OR ', NEVER);
	return {
		test: sql`EXISTS (SELECT 1 FROM sb_meta m CROSS JOIN sb_meta_values v ON v.value = m.value
			WHERE m.run = r.run AND m.key = ${key.key} AND (${test}))`,
		source: sql`SELECT ${once(key)} m.run FROM sb_meta_values v
			CROSS JOIN sb_meta m ON m.value = v.value WHERE v.key = ${key.key} AND (${test})`,
		size: null
	};
}

/** One value against a row of `sb_meta_values`. */
function valueTest(value: QueryValue): Fragment {
	if (value.kind === 'any') return sql`v.value IS NOT NULL`;
	if (value.kind === 'text') {
		const number = isExact(value) ? parseNumber(value.text) : null;
		const test = textTest(TEXT, [value]);
		return number === null ? test : sql`(${test}) OR ${NUMBER} = ${number}`;
	}
	return isOfDates(value)
		? sql`v.number IS NULL AND (${dateTest(value)})`
		: numberTest(NUMBER, [value], 0);
}

/** As `isInDates` has it: what begins with a date belongs to it. */
function dateTest(value: Extract<QueryValue, { kind: 'compare' | 'between' }>): Fragment {
	if (value.kind === 'between')
		return sql`v.text >= ${dateBound(value.low)} AND (${upTo(dateBound(value.high))})`;
	const date = dateBound(value.quantity);
	switch (value.comparator) {
		case '=':
			return beginsWith(TEXT, date);
		case '>':
			return sql`NOT (${upTo(date)})`;
		case '>=':
			return sql`v.text >= ${date}`;
		case '<':
			return sql`v.text < ${date}`;
		case '<=':
			return upTo(date);
	}
}

function upTo(bound: string): Fragment {
	return sql`v.text <= ${bound} OR (${beginsWith(TEXT, bound)})`;
}
