// The inverted index of metadata: keys and values are each written once, and a run points at its
// values. A filter on a value is then one range of small integers, and how many runs have it is
// known without counting.
import {
	type JsonObject,
	type MetadataValue,
	metadataValues,
	normalizeText
} from '../../../../protocol';
import { count, Fragment, rows, sql, type Sql, type SqlRow } from '../../../db/sql';

/** A metadata key of the index. `multiple` says that some run has several values for it. */
export type IndexedKey = { key: number; runs: number; multiple: boolean };
export type IndexedValue = { value: number; runs: number };
/** A word that a search can be completed with, and how many runs have it; `key` is its metadata key. */
export type Suggestion = { value: string; runs: number; key?: string };

/** The last character there is: what lies between `x` and `x` + this begins with `x`. */
export const LAST_CHARACTER = '\u{10FFFF}';

export class RunMetadata {
	readonly #sql: Sql;

	constructor(db: Sql) {
		this.#sql = db;
	}

	/** Points a run at the values of its metadata. */
	add(run: number, metadata: JsonObject): void {
		const entries = metadataValues(metadata);
		const keys = this.#addKeys(entries);
		const numbered = entries.map((entry) => ({ ...entry, id: keys.get(entry.key) ?? 0 }));
		for (const some of chunksOf(numbered)) {
			const values = this.#addValues(some);
			const points = some.map(
				(entry) =>
					sql`(${values.get(valueKey(entry.id, entry)) ?? 0}, ${run}, ${entry.id}, ${entry.number})`
			);
			rows(this.#sql, sql`INSERT INTO sb_meta (value, run, key, number) VALUES ${list(points)}`);
		}
	}

	/**
	 * Takes runs out of all their values; what no run has any more is forgotten.
	 * @param runs a query of their numbers
	 */
	remove(runs: Fragment): void {
		const counted = rows(
			this.#sql,
			sql`SELECT value, key, count(*) AS n FROM sb_meta WHERE run IN (${runs}) GROUP BY value, key`
		);
		if (counted.length === 0) return;
		const byKey = rows(
			this.#sql,
			sql`SELECT key, count(DISTINCT run) AS n FROM sb_meta WHERE run IN (${runs}) GROUP BY key`
		);
		rows(this.#sql, sql`DELETE FROM sb_meta WHERE run IN (${runs})`);
		this.#countOut('value', counted);
		this.#countOut('key', byKey);
	}

	#countOut(column: 'value' | 'key', counted: readonly SqlRow[]): void {
		const table = new Fragment(column === 'value' ? 'sb_meta_values' : 'sb_meta_keys');
		const id = new Fragment(column);
		const list = JSON.stringify(counted.map((row) => [count(row, column), count(row, 'n')]));
		rows(
			this.#sql,
			sql`UPDATE ${table} SET runs = runs - c.n
				FROM (SELECT value ->> 0 AS id, value ->> 1 AS n FROM json_each(${list})) c
				WHERE ${table}.${id} = c.id`
		);
		rows(
			this.#sql,
			sql`DELETE FROM ${table} WHERE runs <= 0
				AND ${id} IN (SELECT value ->> 0 FROM json_each(${list}))`
		);
	}

	/** The key of this path, and with `nested` those below it. */
	keys(path: string, nested: boolean): IndexedKey[] {
		const sought = normalizeText(path);
		const found = nested
			? sql`SELECT key, runs, multiple FROM sb_meta_keys WHERE path = ${sought}
				OR (path >= ${`${sought}.`} AND path < ${`${sought}.${LAST_CHARACTER}`})`
			: sql`SELECT key, runs, multiple FROM sb_meta_keys WHERE path = ${sought}`;
		return rows(this.#sql, found).map((row) => ({
			key: count(row, 'key'),
			runs: count(row, 'runs'),
			multiple: count(row, 'multiple') === 1
		}));
	}

	/** The values of a key that are this text, or this number. */
	values(key: number, text: string, number: number | null): IndexedValue[] {
		return rows(
			this.#sql,
			sql`SELECT value, runs FROM sb_meta_values WHERE key = ${key} AND text = ${normalizeText(text)}
				UNION SELECT value, runs FROM sb_meta_values WHERE key = ${key} AND number = ${number}`
		).map((row) => ({ value: count(row, 'value'), runs: count(row, 'runs') }));
	}

	/** The keys that begin so, the most frequent first. */
	suggestKeys(prefix: string, limit: number): Suggestion[] {
		const from = normalizeText(prefix);
		return rows(
			this.#sql,
			sql`SELECT shown, runs FROM sb_meta_keys
				WHERE path >= ${from} AND path < ${from + LAST_CHARACTER}
				ORDER BY runs DESC, path LIMIT ${limit}`
		).map((row) => ({ value: String(row['shown']), runs: count(row, 'runs') }));
	}

	/** The values of a key that begin so, the most frequent first. */
	suggestValues(path: string, prefix: string, limit: number): Suggestion[] {
		const [found] = this.keys(path, false);
		if (!found) return [];
		const from = normalizeText(prefix);
		return rows(
			this.#sql,
			sql`SELECT shown, runs FROM sb_meta_values
				WHERE key = ${found.key} AND text >= ${from} AND text < ${from + LAST_CHARACTER}
				ORDER BY runs DESC, text LIMIT ${limit}`
		).map((row) => ({ value: String(row['shown']), runs: count(row, 'runs') }));
	}

	/** The keys that have a value which begins so, whole values and frequent ones first. */
	suggestKeysOf(prefix: string, limit: number): Suggestion[] {
		const from = normalizeText(prefix);
		return rows(
			this.#sql,
			sql`SELECT k.shown AS key, v.shown AS value, v.runs FROM sb_meta_keys k
				CROSS JOIN sb_meta_values v
					ON v.key = k.key AND v.text >= ${from} AND v.text < ${from + LAST_CHARACTER}
				ORDER BY v.text = ${from} DESC, v.runs DESC, v.text, k.path LIMIT ${limit}`
		).map((row) => ({
			key: String(row['key']),
			value: String(row['value']),
			runs: count(row, 'runs')
		}));
	}

	/** Counts a run in at each key; answers with their numbers. */
	#addKeys(entries: readonly MetadataValue[]): Map<string, number> {
		const known = new Map<string, number>();
		for (const some of chunksOf([...Map.groupBy(entries, ({ key }) => key)])) {
			const written = some.map(
				([key, [first, second]]) =>
					sql`(${key}, ${first?.path ?? key}, 1, ${Number(second !== undefined)})`
			);
			const found = rows(
				this.#sql,
				sql`INSERT INTO sb_meta_keys (path, shown, runs, multiple) VALUES ${list(written)}
					ON CONFLICT DO UPDATE SET runs = runs + 1, multiple = max(multiple, excluded.multiple)
					RETURNING key, path`
			);
			for (const row of found) known.set(String(row['path']), count(row, 'key'));
		}
		return known;
	}

	/** Counts a run in at each value of its keys (`id`); answers with their numbers. */
	#addValues(entries: readonly (MetadataValue & { id: number })[]): Map<string, number> {
		const written = entries.map(
			({ id, text, number, shown }) =>
				sql`(${id}, ${text}, ${Number(number !== null)}, ${number}, ${shown}, 1)`
		);
		const found = rows(
			this.#sql,
			sql`INSERT INTO sb_meta_values (key, text, numeric, number, shown, runs) VALUES ${list(written)}
				ON CONFLICT DO UPDATE SET runs = runs + 1 RETURNING value, key, text, numeric`
		);
		return new Map(
			found.map((row) => [
				`${count(row, 'key')} ${count(row, 'numeric')} ${String(row['text'])}`,
				count(row, 'value')
			])
		);
	}
}

/** A value as its table tells it apart from others. */
function valueKey(key: number, { text, number }: MetadataValue): string {
	return `${key} ${Number(number !== null)} ${text}`;
}

/** So many rows are written by one statement, within the bindings that it may have. */
const WRITTEN_AT_ONCE = 15;

function chunksOf<T>(list: readonly T[]): T[][] {
	const chunks: T[][] = [];
	for (let at = 0; at < list.length; at += WRITTEN_AT_ONCE)
		chunks.push(list.slice(at, at + WRITTEN_AT_ONCE));
	return chunks;
}

function list(parts: readonly Fragment[]): Fragment {
	return new Fragment(
		parts.map(({ text }) => text).join(', '),
		parts.flatMap(({ bindings }) => bindings)
	);
}
