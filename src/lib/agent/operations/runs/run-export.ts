import { isSpecialValue, type ExportQuery, type Run, type RunQuery } from '../../../protocol';
import type { IndexedPage } from '../run-index/run-index';

/** How many runs are read at a time: between two pages others get their turn. */
const PAGE = 100;

/** Tells spreadsheets that a file is UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF';

const COLUMNS = [
	'workflow',
	'id',
	'generation',
	'agent',
	'parent',
	'status',
	'outcome',
	'step',
	'startedBy',
	'createdAt',
	'startedAt',
	'updatedAt',
	'finishedAt',
	'retries',
	'error',
	'metadata',
	'params',
	'progress',
	'output'
] as const;

/** All runs that match, as CSV with a header row or as one JSON document a line. */
export function exportStream(
	{ q, order, format }: ExportQuery,
	page: (query: RunQuery) => IndexedPage
): ReadableStream<Uint8Array> {
	const encoder = new TextEncoder();
	const row = format === 'csv' ? csvRow : (run: Run) => JSON.stringify(run);
	let cursor: string | undefined;
	let begun = false;
	return new ReadableStream<Uint8Array>({
		pull(controller) {
			const { runs, nextCursor } = page({ q, order, limit: PAGE, cursor });
			const header = format === 'csv' && !begun ? [`${BYTE_ORDER_MARK}${COLUMNS.join(',')}`] : [];
			const lines = [...header, ...runs.map(row)];
			begun = true;
			if (lines.length > 0) controller.enqueue(encoder.encode(`${lines.join('\n')}\n`));
			if (nextCursor === null) controller.close();
			else cursor = nextCursor;
		}
	});
}

function csvRow(run: Run): string {
	return COLUMNS.map((column) => {
		switch (column) {
			case 'agent':
				return csvCell(run.agent.path);
			case 'parent':
				return csvCell(run.parent ? `${run.parent.workflow}/${run.parent.id}` : '');
			case 'error':
				return csvCell(run.error ? `${run.error.name}: ${run.error.message}` : '');
			case 'createdAt':
			case 'startedAt':
			case 'updatedAt':
			case 'finishedAt': {
				const at = run[column];
				return at === null ? '' : new Date(at).toISOString();
			}
			default: {
				const value = run[column];
				// What JSON cannot hold, such as a map or NaN, is shown by its text.
				if (isSpecialValue(value)) return csvCell(value.text);
				const plain = typeof value === 'string' || typeof value === 'number';
				return csvCell(value === null ? '' : plain ? String(value) : JSON.stringify(value));
			}
		}
	}).join(',');
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
