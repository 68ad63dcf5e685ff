// Text search. Any part of a word counts, so the text index is one of trigrams; a search shorter
// than that is a look at every row.
import { normalizeText, type QueryValue, soughtAnywhere } from '../../../../protocol';
import { isExact, textTest } from './column-sql';
import { scanOf, type CompiledTerm } from './compiled-term';
import { Fragment, sql } from '../../../db/sql';

/** The trigram index knows no text shorter than this. */
const SHORTEST_INDEXED = 3;

function isIndexedText(text: string): boolean {
	// The texts of a run are indexed as lines of one text.
	return [...text].length >= SHORTEST_INDEXED && !text.includes('\n');
}

/** The phrase as FTS5 writes it. */
function phrase(text: string): string {
	return `"${text.replaceAll('"', '""')}"`;
}

function inIndex(match: string, limit: number): Fragment {
	return sql`SELECT rowid AS run FROM sb_run_text WHERE sb_run_text MATCH ${match} LIMIT ${limit}`;
}

/** Text that the id, the error, the step, the Agent, the progress or a metadata value contains. */
export function searchTerm(text: string): CompiledTerm {
	const test = sql`instr(r.id, ${text}) > 0 OR instr(r.error, ${text}) > 0
		OR instr(r.step, ${text}) > 0 OR instr(r.note, ${text}) > 0
		OR EXISTS (SELECT 1 FROM sb_meta m CROSS JOIN sb_meta_values v ON v.value = m.value
			WHERE m.run = r.run AND instr(v.text, ${text}) > 0)`;
	const searched = { test, source: null, size: null };
	if (!isIndexedText(text)) return searched;
	const search = (limit: number): Fragment =>
		sql`SELECT run FROM (${inIndex(phrase(text), limit)})
			UNION SELECT run FROM (SELECT rowid AS run FROM sb_run_notes
				WHERE sb_run_notes MATCH ${phrase(text)} LIMIT ${limit})
			UNION SELECT run FROM (SELECT r.run FROM sb_runs r
				WHERE r.step IN (SELECT step FROM sb_steps WHERE instr(step, ${text}) > 0) LIMIT ${limit})`;
	return { ...searched, search };
}

/** `error:`, by any part of its name and message. */
export function errorTerm(values: readonly QueryValue[]): CompiledTerm {
	const column = new Fragment('r.error');
	const test = sql`r.error IS NOT NULL AND (${textTest(column, values.map(soughtAnywhere))})`;
	const [only] = values;
	const text = values.length === 1 && only && isExact(only) ? normalizeText(only.text) : '';
	if (!isIndexedText(text)) return { test, source: scanOf(test), size: null };
	const search = (limit: number): Fragment => inIndex(`{error} : ${phrase(text)}`, limit);
	return { test, source: null, size: null, search };
}
