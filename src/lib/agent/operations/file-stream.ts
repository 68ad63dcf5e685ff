// Files that are written while they are read, page by page: others get their turn between two pages.

/** Tells spreadsheets that a file is UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF';

type FileOf<Row> = {
	format: 'csv' | 'ndjson';
	/** The header of a CSV file. */
	columns: readonly string[];
	/** A row's line in a CSV file. */
	csvRow: (row: Row) => string;
	/** The page at a cursor; the first one at none. */
	page: (cursor: string | undefined) => FilePage<Row> | Promise<FilePage<Row>>;
};

type FilePage<Row> = { rows: readonly Row[]; nextCursor: string | null };

/** Rows as CSV with a header or as one JSON document a line. */
export function fileStream<Row>(file: FileOf<Row>): ReadableStream<Uint8Array> {
	const encoder = new TextEncoder();
	const isCsv = file.format === 'csv';
	const line = isCsv ? file.csvRow : (row: Row) => JSON.stringify(row);
	let cursor: string | undefined;
	let begun = false;
	return new ReadableStream<Uint8Array>({
		async pull(controller) {
			const { rows, nextCursor } = await file.page(cursor);
			const header = isCsv && !begun ? [`${BYTE_ORDER_MARK}${file.columns.join(',')}`] : [];
			const lines = [...header, ...rows.map(line)];
			begun = true;
			if (lines.length > 0) controller.enqueue(encoder.encode(`${lines.join('\n')}\n`));
			if (nextCursor === null) controller.close();
			else cursor = nextCursor;
		}
	});
}

/**
 * A cell as RFC 4180 has it. One that a spreadsheet would take for a formula gets an apostrophe
 * before it (OWASP, CSV injection; full-width signs count as well): ids, errors and metadata are
 * other people's text. Semicolons are quoted too, since some locales separate cells by them.
 */
export function csvCell(text: string): string {
	const isFormula = /^[=+\-@\uFF1D\uFF0B\uFF0D\uFF20\s]/.test(text);
	const safe = isFormula && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
	return /[",;\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
