// The inverted index of metadata: keys and values are each written once, and a run points at its
// values. A filter on a value is then one range of small integers, and how many runs have it is
// known without counting.
import { type JsonObject, type MetadataValue, metadataValues, normalizeText } from '../../protocol';
import { count, rows, sql, type Sql } from './sql';

/** A metadata key of the index. `multiple` says that some run has several values for it. */
export type IndexedKey = { key: number; runs: number; multiple: boolean };
export type IndexedValue = { value: number; runs: number };
/** A word that a search can be completed with, and how many runs have it. */
export type Suggestion = { value: string; runs: number };

/** The last character there is: what lies between `x` and `x` + this begins with `x`. */
export const LAST_CHARACTER = '\u{10FFFF}';

export class RunMetadata {
	readonly #sql: Sql;

	constructor(db: Sql) {
		this.#sql = db;
	}

	/** Points a run at the values of its metadata. */
	add(run: number, metadata: JsonObject): void {
		const keys = new Map<string, number>();
		for (const entry of metadataValues(metadata)) {
			const known = keys.get(entry.key);
			const key = known ?? this.#addKey(entry);
			if (known !== undefined)
				rows(this.#sql, sql`UPDATE sb_meta_keys SET multiple = 1 WHERE key = ${key}`);
			keys.set(entry.key, key);
			rows(
				this.#sql,
				sql`INSERT INTO sb_meta (value, run, key, number)
					VALUES (${this.#addValue(key, entry)}, ${run}, ${key}, ${entry.number})`
			);
		}
	}

	/** Takes a run out of all its values; what no run has any more is forgotten. */
	remove(run: number): void {
		const entries = rows(this.#sql, sql`SELECT value, key FROM sb_meta WHERE run = ${run}`);
		rows(this.#sql, sql`DELETE FROM sb_meta WHERE run = ${run}`);
		for (const entry of entries) {
			const value = count(entry, 'value');
			rows(this.#sql, sql`UPDATE sb_meta_values SET runs = runs - 1 WHERE value = ${value}`);
			rows(this.#sql, sql`DELETE FROM sb_meta_values WHERE value = ${value} AND runs = 0`);
		}
		for (const key of new Set(entries.map((entry) => count(entry, 'key')))) {
			rows(this.#sql, sql`UPDATE sb_meta_keys SET runs = runs - 1 WHERE key = ${key}`);
			rows(this.#sql, sql`DELETE FROM sb_meta_keys WHERE key = ${key} AND runs = 0`);
		}
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

	#addKey({ key, path }: MetadataValue): number {
		const [row] = rows(
			this.#sql,
			sql`INSERT INTO sb_meta_keys (path, shown, runs, multiple) VALUES (${key}, ${path}, 1, 0)
				ON CONFLICT DO UPDATE SET runs = runs + 1 RETURNING key`
		);
		return count(row, 'key');
	}

	#addValue(key: number, { text, number, shown }: MetadataValue): number {
		const [row] = rows(
			this.#sql,
			sql`INSERT INTO sb_meta_values (key, text, numeric, number, shown, runs)
				VALUES (${key}, ${text}, ${Number(number !== null)}, ${number}, ${shown}, 1)
				ON CONFLICT DO UPDATE SET runs = runs + 1 RETURNING value`
		);
		return count(row, 'value');
	}
}
