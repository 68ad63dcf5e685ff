import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
	checkRows,
	describeRejections,
	importNeedsApproval,
	readRows,
	toBatches
} from '../../../src/samples/catalog-import/catalog-rows';

const HEADER = 'sku,name,price,currency,stock';
const csv = (...lines: string[]) => [HEADER, ...lines].join('\n');
const sample = (file: string) =>
	readFileSync(new URL(`../../../data/${file}`, import.meta.url), 'utf8');
const reasonsOf = (source: string, format: 'csv' | 'ndjson' = 'csv') =>
	checkRows(readRows(source, format)).reasons.map(({ reason }) => reason);

describe('reading a csv', () => {
	it('takes quoted fields, other delimiters, other orders and columns it does not know', () => {
		const source = 'Stock;name;SKU;color;price;currency\r\n5;"Cup; ""big""";CUP-1;blue;7.5;EUR\r\n';
		expect(checkRows(readRows(source, 'csv')).products).toEqual([
			{ sku: 'CUP-1', name: 'Cup; "big"', price: 7.5, currency: 'EUR', stock: 5 }
		]);
	});

	it('numbers rows as an editor numbers lines, blank ones counted', () => {
		const source = csv('CUP-1,Cup,1,EUR,1', '', 'CUP-2,Cup,x,EUR,1');
		expect(checkRows(readRows(source, 'csv')).badRows).toEqual([
			{ row: 4, sku: 'CUP-2', problem: 'price must be a number' }
		]);
	});

	it('refuses a file whose first line does not name the columns', () => {
		expect(() => readRows('sku,name\nCUP-1,Cup', 'csv')).toThrow('price, currency, stock');
	});

	it.each(['', '\n\n', HEADER])('refuses a file without rows', (source) => {
		expect(() => readRows(source, 'csv')).toThrow();
	});

	it.each([
		['CUP-1,Cup,1,EUR', 'row does not have 5 fields'],
		['CUP-1,Cup,1,EUR,1,1', 'row does not have 5 fields'],
		['CUP-1,"Cup,1,EUR,1', 'row has a broken quote'],
		['cup 1,Cup,1,EUR,1', 'sku must be 2 to 32 capitals, digits or dashes'],
		[',Cup,1,EUR,1', 'sku is required'],
		['CUP-1, ,1,EUR,1', 'name is required'],
		['CUP-1,Cup,,EUR,1', 'price is required'],
		['CUP-1,Cup,"1,50",EUR,1', 'price must be a number'],
		['CUP-1,Cup,-1,EUR,1', 'price must not be negative'],
		[
			'CUP-1,Cup,1,Euro,1',
			'currency must be a currency code of three capital letters, such as EUR'
		],
		['CUP-1,Cup,1,EUR,n/a', 'stock must be a number'],
		['CUP-1,Cup,1,EUR,1.5', 'stock must be a whole number']
	])('rejects %j: %s', (line, reason) => {
		expect(reasonsOf(csv(line))).toEqual([reason]);
	});
});

describe('reading ndjson', () => {
	it('takes one object a line', () => {
		const line = '{"sku":"CUP-1","name":"Cup","price":7.5,"currency":"EUR","stock":5}';
		expect(checkRows(readRows(`\uFEFF${line}\r\n\r\n`, 'ndjson')).products).toEqual([
			{ sku: 'CUP-1', name: 'Cup', price: 7.5, currency: 'EUR', stock: 5 }
		]);
	});

	it.each([
		['{"sku":', 'row is not JSON'],
		['[1]', 'row is not a JSON object'],
		['{"sku":7,"name":"Cup","price":1,"currency":"EUR","stock":1}', 'sku must be text'],
		['{"sku":"CUP-1","name":"Cup","price":null,"currency":"EUR","stock":1}', 'price is required'],
		[
			'{"sku":"CUP-1","name":"Cup","price":true,"currency":"EUR","stock":1}',
			'price must be a number'
		],
		['{"sku":"CUP-1","name":"Cup","currency":"EUR","stock":1}', 'price is required']
	])('rejects %j: %s', (line, reason) => {
		expect(reasonsOf(line, 'ndjson')).toEqual([reason]);
	});
});

describe('checking rows', () => {
	it('keeps the first of a SKU that is in the file twice', () => {
		const checked = checkRows(readRows(csv('A-1,One,1,EUR,1', 'A-1,Two,2,EUR,2'), 'csv'));
		expect(checked.products.map(({ name }) => name)).toEqual(['One']);
		expect(checked.badRows).toEqual([{ row: 3, sku: 'A-1', problem: 'sku is in the file twice' }]);
	});

	it('names every problem of a row, and counts the row once', () => {
		const checked = checkRows(readRows(csv('A-1,,x,EUR,1'), 'csv'));
		expect(checked.rejected).toBe(1);
		expect(checked.reasons).toEqual([{ reason: 'name is required', count: 1, rows: [2] }]);
		expect(checked.badRows[0]?.problem).toBe('name is required; price must be a number');
	});

	it('puts the most frequent reason first and shows the first five rows of each', () => {
		const lines = Array.from({ length: 7 }, (_, index) => `A-${index},Cup,x,EUR,1`);
		const { reasons } = checkRows(readRows(csv(',Cup,1,EUR,1', ...lines), 'csv'));
		expect(reasons).toEqual([
			{ reason: 'price must be a number', count: 7, rows: [3, 4, 5, 6, 7] },
			{ reason: 'sku is required', count: 1, rows: [2] }
		]);
	});

	it('says in one line how bad it is', () => {
		const checked = checkRows(readRows(csv('A-1,One,1,EUR,1', 'A-2,Two,x,EUR,2'), 'csv'));
		expect(describeRejections(2, checked)).toBe(
			'1 of 2 rows (50.0 %) are bad, the first in row 3: price must be a number'
		);
	});
});

describe('asking first', () => {
	it('happens above 5 % of bad rows, not at 5 %', () => {
		expect(importNeedsApproval(5, 100)).toBe(false);
		expect(importNeedsApproval(6, 100)).toBe(true);
		expect(importNeedsApproval(0, 1)).toBe(false);
	});
});

describe('batches', () => {
	const products = checkRows(readRows(sample('catalog-5000.csv'), 'csv')).products;

	it('hold the wanted number, the last one what is left', () => {
		const sizes = toBatches(products.slice(0, 1100), 500).map((batch) => batch.length);
		expect(sizes).toEqual([500, 500, 100]);
		expect(toBatches([], 500)).toEqual([]);
	});

	it('grow rather than become more than the engine has steps for', () => {
		const batches = toBatches(products, 1);
		expect(batches.length).toBeLessThanOrEqual(900);
		expect(batches.flat()).toEqual(products);
	});
});

describe('the sample files', () => {
	it('hold 5,000 rows, so many of them bad in so many ways that somebody has to agree', () => {
		const rows = readRows(sample('catalog-5000.csv'), 'csv');
		const { rejected, products, reasons } = checkRows(rows);
		expect(rows).toHaveLength(5000);
		expect(rejected + products.length).toBe(5000);
		expect(importNeedsApproval(rejected, rows.length)).toBe(true);
		expect(reasons.length).toBeGreaterThanOrEqual(8);
		expect(reasons.reduce((sum, { count }) => sum + count, 0)).toBe(rejected);
	});

	it('hold 40 clean rows', () => {
		const checked = checkRows(readRows(sample('catalog-small.ndjson'), 'ndjson'));
		expect(checked).toMatchObject({ rejected: 0, reasons: [], badRows: [] });
		expect(checked.products).toHaveLength(40);
	});
});
