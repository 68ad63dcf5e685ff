// From a file's text to the store's products: pure, so that a replayed run gets the same rows again
// without having stored them.
import Papa from 'papaparse';
import { z } from 'zod';
import { currencyCode, required } from '../../lib/workflows/fields';

export const CATALOG_FORMATS = ['csv', 'ndjson'] as const;
export type CatalogFormat = (typeof CATALOG_FORMATS)[number];

/** A larger share of bad rows requires approval. */
const MAX_BAD_SHARE = 0.05;

const COLUMNS = ['sku', 'name', 'price', 'currency', 'stock'] as const;

/** A CSV knows text only: what reads as a number becomes one, and an empty field is missing. */
function cell(value: unknown): unknown {
	if (typeof value !== 'string') return value ?? undefined;
	const text = value.trim();
	return text === '' ? undefined : text;
}
const numberCell = (value: unknown): unknown => {
	const found = cell(value);
	return typeof found === 'string' && /^-?\d+(\.\d+)?$/.test(found) ? Number(found) : found;
};
const text = z.string(required('must be text'));

const productSchema = z.object({
	sku: z.preprocess(
		cell,
		text.regex(/^[A-Z0-9][A-Z0-9-]{1,31}$/, 'must be 2 to 32 capitals, digits or dashes')
	),
	name: z.preprocess(cell, text.max(200, 'is longer than 200 characters')),
	price: z.preprocess(
		numberCell,
		z.number(required('must be a number')).min(0, 'must not be negative')
	),
	currency: z.preprocess(cell, text.pipe(currencyCode)),
	stock: z.preprocess(
		numberCell,
		z
			.number(required('must be a number'))
			.int('must be a whole number')
			.min(0, 'must not be negative')
	)
});

/** One article of a store. */
export type Product = z.output<typeof productSchema>;

/** One record of a file: its values, or why it could not be read. */
export type CatalogRow = { row: number; values: unknown } | { row: number; problem: string };

/** A rejected row and what is wrong with it. */
export type BadRow = { row: number; sku: string | null; problem: string };

/** Why rows were rejected: how many for that reason, and the first few. */
export type RejectionReason = { reason: string; count: number; rows: number[] };

export type CheckedRows = {
	products: Product[];
	rejected: number;
	/** The most frequent first; their counts add up to `rejected`. */
	reasons: RejectionReason[];
	/** The first bad rows of the file. */
	badRows: BadRow[];
};

const FIRST_BAD_ROWS = 5;

/** The file as a whole cannot be read; trying again would not help. */
class UnreadableCatalogError extends Error {
	override name = 'UnreadableCatalogError';
}

/** Splits a file into its records. Rows are numbered as an editor shows its lines. */
export function readRows(source: string, format: CatalogFormat): CatalogRow[] {
	const rows = format === 'csv' ? readCsv(source) : readNdjson(source);
	if (rows.length === 0) throw new UnreadableCatalogError('The file has no rows.');
	return rows;
}

function readCsv(source: string): CatalogRow[] {
	const { data, errors } = Papa.parse<string[]>(source, { header: false });
	const [header = [], ...records] = data;
	const columns = header.map((name) => name.trim().toLowerCase());
	const absent = COLUMNS.filter((column) => !columns.includes(column));
	if (absent.length > 0) {
		throw new UnreadableCatalogError(
			`The first line does not name the columns ${absent.join(', ')}.`
		);
	}
	const brokenRows = new Set(errors.flatMap((error) => error.row ?? []));
	return records.flatMap((fields, index): CatalogRow[] => {
		const row = index + 2;
		if (fields.every((field) => field.trim() === '')) return [];
		if (brokenRows.has(index + 1)) return [{ row, problem: 'row has a broken quote' }];
		if (fields.length !== columns.length) {
			return [{ row, problem: `row does not have ${columns.length} fields` }];
		}
		const values = Object.fromEntries(columns.map((column, at) => [column, fields[at]]));
		return [{ row, values }];
	});
}

function readNdjson(source: string): CatalogRow[] {
	const lines = source.replace(/^\uFEFF/, '').split(/\r?\n/);
	return lines.flatMap((line, index): CatalogRow[] =>
		line.trim() === '' ? [] : [readJsonLine(line, index + 1)]
	);
}

function readJsonLine(line: string, row: number): CatalogRow {
	try {
		const values: unknown = JSON.parse(line);
		return typeof values === 'object' && values !== null && !Array.isArray(values)
			? { row, values }
			: { row, problem: 'row is not a JSON object' };
	} catch {
		// JSON.parse says where it stumbled, which differs by row; one reason groups them.
		return { row, problem: 'row is not JSON' };
	}
}

/** Checks every row and gathers why the bad ones are bad. The first of a repeated SKU counts. */
export function checkRows(rows: CatalogRow[]): CheckedRows {
	const products = new Map<string, Product>();
	const reasons = new Map<string, RejectionReason>();
	const badRows: BadRow[] = [];
	let rejected = 0;
	const reject = (row: number, sku: string | null, [reason = 'row is bad', ...more]: string[]) => {
		rejected++;
		const known = reasons.get(reason) ?? { reason, count: 0, rows: [] };
		known.count++;
		if (known.rows.length < FIRST_BAD_ROWS) known.rows.push(row);
		reasons.set(reason, known);
		if (badRows.length < FIRST_BAD_ROWS) {
			badRows.push({ row, sku, problem: [reason, ...more].join('; ') });
		}
	};
	for (const entry of rows) {
		if ('problem' in entry) {
			reject(entry.row, null, [entry.problem]);
			continue;
		}
		const checked = productSchema.safeParse(entry.values);
		if (!checked.success) {
			const problems = checked.error.issues.map(
				(issue) => `${issue.path.join('.')} ${issue.message}`
			);
			reject(entry.row, skuOf(entry.values), problems);
		} else if (products.has(checked.data.sku)) {
			reject(entry.row, checked.data.sku, ['sku is in the file twice']);
		} else {
			products.set(checked.data.sku, checked.data);
		}
	}
	const frequentFirst = [...reasons.values()].toSorted((a, b) => b.count - a.count);
	return { products: [...products.values()], rejected, reasons: frequentFirst, badRows };
}

function skuOf(values: unknown): string | null {
	const sku = typeof values === 'object' && values !== null && 'sku' in values ? values.sku : null;
	return typeof sku === 'string' && sku.trim() !== '' ? sku.trim().slice(0, 40) : null;
}

/** Do this many bad rows require approval? */
export function importNeedsApproval(rejected: number, total: number): boolean {
	return rejected / total > MAX_BAD_SHARE;
}

/** The engine's limit of steps bounds the batches: a batch grows when there would be too many. */
const MAX_BATCHES = 900;

/** Cuts the products into batches of the wanted size. */
export function toBatches(products: Product[], batchSize: number): Product[][] {
	const size = Math.max(batchSize, Math.ceil(products.length / MAX_BATCHES));
	return Array.from({ length: Math.ceil(products.length / size) }, (_, index) =>
		products.slice(index * size, (index + 1) * size)
	);
}

/** The summary for the approver. */
export function describeRejections(total: number, { rejected, badRows }: CheckedRows): string {
	const share = ((rejected / total) * 100).toFixed(1);
	const first = badRows[0] ? `, the first in row ${badRows[0].row}: ${badRows[0].problem}` : '';
	return `${rejected} of ${total} rows (${share} %) are bad${first}`;
}
