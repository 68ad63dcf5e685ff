import { isSpecialValue, type ExportQuery, type Run, type RunQuery } from '../../../protocol';
import { csvCell, fileStream } from '../file-stream';
import type { IndexedPage } from '../run-index/run-index';

/** How many runs are read at a time: between two pages others get their turn. */
const PAGE = 100;

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
	'output',
	'subject'
] as const;

/** All runs that match, as CSV with a header row or as one JSON document a line. */
export function exportStream(
	{ q, order, format }: ExportQuery,
	page: (query: RunQuery) => IndexedPage
): ReadableStream<Uint8Array> {
	return fileStream({
		format,
		columns: COLUMNS,
		csvRow,
		page: (cursor) => {
			const { runs, nextCursor } = page({ q, order, limit: PAGE, cursor });
			return { rows: runs, nextCursor };
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
				return csvCell(
					value === null || value === undefined ? '' : plain ? String(value) : JSON.stringify(value)
				);
			}
		}
	}).join(',');
}
