// Writes the sample catalogues of data/. The same seed gives the same files:
//   catalog-5000.csv      5,000 rows of a department store, about 7 % of them bad in several ways
//   catalog-small.ndjson  40 clean rows
import { mkdirSync, writeFileSync } from 'node:fs';

const ROWS = 5000;
const SMALL_ROWS = 40;
const BAD_SHARE = 0.07;

const FINISHES = ['blue glaze', 'oak', 'matte black', 'sage', 'terracotta', 'cream', 'copper'];
const SIZES = ['small', 'medium', 'large', 'set of 4'];
const WEIGHTS = ['100 g', '250 g', '500 g', '1 kg'];
const ORIGINS = ['organic', 'fair trade', 'single estate', 'house blend'];

const SHELVES = [
	{
		prefix: 'TEA',
		things: ['Assam', 'Darjeeling', 'Sencha', 'Genmaicha', 'Oolong', 'Earl Grey', 'Rooibos'],
		kinds: ORIGINS,
		sizes: WEIGHTS,
		from: 4,
		to: 24
	},
	{
		prefix: 'COF',
		things: ['Espresso beans', 'Filter roast', 'Decaf beans', 'Cold brew pack'],
		kinds: ORIGINS,
		sizes: WEIGHTS,
		from: 6,
		to: 32
	},
	{
		prefix: 'KIT',
		things: ['Cast iron pot', 'Chef knife', 'Bread tin', 'Grater', 'Whisk', 'Salad bowl'],
		kinds: FINISHES,
		sizes: SIZES,
		from: 5,
		to: 140
	},
	{
		prefix: 'TAB',
		things: ['Cup', 'Saucer', 'Plate', 'Carafe', 'Linen napkin', 'Candle holder'],
		kinds: FINISHES,
		sizes: SIZES,
		from: 3,
		to: 60
	},
	{
		prefix: 'GAR',
		things: ['Trowel', 'Watering can', 'Seed tray', 'Pruning shears', 'Plant pot'],
		kinds: FINISHES,
		sizes: SIZES,
		from: 2,
		to: 75
	}
];
const CURRENCIES = ['EUR', 'EUR', 'EUR', 'EUR', 'USD', 'GBP', 'CHF'];

/** Mulberry32: small, fast, and the same everywhere. @param {number} seed */
function randomFrom(seed) {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** @param {() => number} random */
function makeProducts(random) {
	/** @template T @param {T[]} list @returns {T} */
	const pick = (list) => {
		const picked = list[Math.floor(random() * list.length)];
		if (picked === undefined) throw new Error('Nothing can be picked from an empty list.');
		return picked;
	};
	/** @param {number} number */
	return (number) => {
		const { prefix, things, kinds, sizes, from, to } = pick(SHELVES);
		return {
			sku: `${prefix}-${String(number).padStart(5, '0')}`,
			name: `${pick(things)}, ${pick(kinds)}, ${pick(sizes)}`,
			price: (from + random() * (to - from)).toFixed(2),
			currency: pick(CURRENCIES),
			stock: String(Math.floor(random() ** 2 * 400))
		};
	};
}

/** @typedef {Record<'sku' | 'name' | 'price' | 'currency' | 'stock', string>} Row */

/** What goes wrong in real files. @type {((row: Row, previous: Row) => string)[]} */
const FAULTS = [
	(row) => toLine({ ...row, price: '' }),
	(row) => toLine({ ...row, price: row.price.replace('.', ',') }),
	(row) => toLine({ ...row, price: `-${row.price}` }),
	(row) => toLine({ ...row, stock: 'n/a' }),
	(row) => toLine({ ...row, stock: '12.5' }),
	(row) => toLine({ ...row, currency: 'Euro' }),
	(row) => toLine({ ...row, name: ' ' }),
	(row) => toLine({ ...row, sku: row.sku.toLowerCase().replace('-', ' ') }),
	(row, previous) => toLine({ ...row, sku: previous.sku }),
	(row) => toLine(row).replace(/,[^,]*$/, '')
];

/** @param {Row} row */
function toLine(row) {
	return Object.values(row)
		.map((field) => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field))
		.join(',');
}

function csv() {
	const random = randomFrom(5000);
	const product = makeProducts(random);
	const lines = ['sku,name,price,currency,stock'];
	let previous = product(1);
	lines.push(toLine(previous));
	for (let number = 2; number <= ROWS; number++) {
		const row = product(number);
		const isBad = random() < BAD_SHARE;
		const fault = FAULTS[Math.floor(random() * FAULTS.length)];
		lines.push(isBad && fault ? fault(row, previous) : toLine(row));
		if (!isBad) previous = row;
	}
	return `${lines.join('\n')}\n`;
}

function ndjson() {
	const product = makeProducts(randomFrom(SMALL_ROWS));
	return Array.from({ length: SMALL_ROWS }, (_, index) => {
		const { price, stock, ...row } = product(index + 1);
		return `${JSON.stringify({ ...row, price: Number(price), stock: Number(stock) })}\n`;
	}).join('');
}

const folder = new URL('../data/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('catalog-5000.csv', folder), csv());
writeFileSync(new URL('catalog-small.ndjson', folder), ndjson());
