// The runs of the suite: every workflow there is, with params that take it down each of its ways.
import type { JsonObject } from '../../src/lib/protocol';
import { LINK_HOST } from './links';
import type { Random } from './random';

export const SAMPLES = [
	'import-clean',
	'refund-large',
	'aisles',
	'links',
	'two-gates',
	'import-bad',
	'follow-up',
	'processing',
	'refund-small',
	'write-off',
	'one-aisle',
	'odd-value'
] as const;
export type Sample = (typeof SAMPLES)[number];

type Made = { workflow: string; agent: string; params: JsonObject; gates: number };

/** Values that JSON cannot hold; see `ValuesWorkflow`. */
const VALUE_KINDS = [
	...['bigint', 'map', 'set', 'date', 'regexp', 'error', 'floats', 'bytes', 'buffer'],
	...['nan', 'infinity', 'minus-zero', 'undefined', 'deep']
];

const AISLES = ['dairy', 'bakery', 'produce', 'tea'];

/** A run of this kind on a store, in one of its many forms. */
export function sampleRun(
	sample: Sample,
	{ id, store, random }: { id: string; store: string; random: Random }
): Made {
	switch (sample) {
		case 'import-clean':
			return importOf(store, { rows: random.whole(8, 40), bad: 0, random });
		case 'import-bad':
			return importOf(store, { rows: random.whole(8, 20), bad: random.whole(2, 5), random });
		case 'refund-small':
			return refundOf(store, id, random.whole(1, 100));
		case 'refund-large':
			return refundOf(store, id, random.whole(101, 900));
		case 'write-off': {
			const params = {
				...{ product: `Teapot ${id}`, units: random.whole(2, 9), unitCost: 20.5 },
				...{ reason: 'Fell from the shelf', decideWithin: '1 hour' }
			};
			return { workflow: 'WRITE_OFF', agent: store, params, gates: 1 };
		}
		case 'links': {
			const paths = ['ok', 'flaky-1', 'flaky-2', 'dead', 'gone', 'slow'];
			const urls = random
				.shuffled(paths)
				.slice(0, random.whole(2, 4))
				.map((path) => `${LINK_HOST}/${id}/${path}`);
			return {
				workflow: 'LINK_AUDIT',
				agent: store,
				params: { urls, timeout: '2 seconds' },
				gates: 0
			};
		}
		case 'aisles': {
			const aisles = random.shuffled(AISLES).slice(0, random.whole(1, 3));
			return { workflow: 'STOCK_COUNT', agent: store, params: { aisles }, gates: 0 };
		}
		case 'one-aisle': {
			// Nobody else counts there: its Agent may be deleted.
			const aisle = `spare-${random.pick(AISLES)}`;
			const agent = `${store}/sub/aisle-agent/${aisle}`;
			return { workflow: 'AISLE_COUNT', agent, params: { aisle }, gates: 0 };
		}
		case 'odd-value': {
			const kind = random.pick(VALUE_KINDS);
			const from = random.pick(['step', 'run'] as const);
			return { workflow: 'VALUES', agent: store, params: { kind, from }, gates: 0 };
		}
		case 'follow-up': {
			const after = `${random.whole(1, 6)} seconds`;
			return {
				workflow: 'FOLLOW_UP',
				agent: store,
				params: { message: `Look after ${id}`, after },
				gates: 0
			};
		}
		case 'processing': {
			const items = Array.from({ length: random.whole(1, 6) }, (_, index) => `item ${index + 1}`);
			return {
				workflow: 'PROCESSING_WORKFLOW',
				agent: store,
				params: { taskId: id, items },
				gates: 1
			};
		}
		case 'two-gates':
			return { workflow: 'TWO_GATES', agent: store, params: { subject: id }, gates: 2 };
	}
}

function refundOf(store: string, id: string, amount: number): Made {
	const params = {
		order: `ORD-${id}`,
		amount,
		currency: 'EUR',
		reason: 'Arrived broken',
		requestedBy: 'ana@example.com'
	};
	return { workflow: 'REFUND', agent: store, params, gates: amount > 100 ? 1 : 0 };
}

/** A file of products; the bad rows among them have a price that is none. */
function importOf(
	store: string,
	{ rows, bad, random }: { rows: number; bad: number; random: Random }
): Made {
	const lines = Array.from({ length: rows }, (_, index) => {
		const price = index < bad ? 'cheap' : (index + 1.5).toFixed(2);
		return `TEA-${String(index + 1).padStart(4, '0')},Tea ${index + 1},${price},EUR,${index}`;
	});
	const text = ['sku,name,price,currency,stock', ...random.shuffled(lines)].join('\n');
	return {
		workflow: 'CATALOG_IMPORT',
		agent: store,
		params: { source: { text }, format: 'csv', batchSize: random.whole(3, 10) },
		gates: bad > 0 ? 1 : 0
	};
}
