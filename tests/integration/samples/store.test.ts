// The samples at work, in the Worker as it is deployed.
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PIA } from '../support/people';
import { use } from '../support/signalbox';

const bundled = process.env['WORKER_DIR'];
const signalbox = use({
	configPath: './wrangler.jsonc',
	...(bundled && existsSync(bundled) ? { prebuiltWorkerDir: bundled } : {}),
	vars: { AUTH: 'local' }
});
const FAY = 'fay:approver,@finance';

const writeOff = (id: string, units: number, more: object = {}) =>
	signalbox.as('otto:operator').start({
		workflow: 'WRITE_OFF',
		id,
		params: { product: 'Teapot', units, unitCost: 20, reason: 'Water', ...more }
	});

describe('a write-off', () => {
	test('of much takes two people, and books the least that they agree on', async () => {
		const run = await writeOff('costly', 60);
		const approval = await signalbox.as().approvalOf(run);
		expect(approval).toMatchObject({ quorum: 2, severity: 'high', facts: { amount: 1200 } });
		const decide = (person: string, units: number) =>
			signalbox.as(person).decide(approval, { approved: true, data: { account: 'damage', units } });
		expect((await decide(PIA, 60)).status).toBe(200);
		expect((await decide(FAY, 50)).status).toBe(200);
		expect(await signalbox.as().runEnded(run)).toMatchObject({
			outcome: 'completed',
			output: { product: 'Teapot', units: 50, value: 1000, approvedBy: ['pia', 'fay'] }
		});
	});

	test('that nobody decides is rejected in time', async () => {
		const run = await writeOff('slow', 1, { decideWithin: '1 second' });
		expect(await signalbox.as().runEnded(run)).toMatchObject({ outcome: 'rejected' });
	});
});

test('an import loads the valid rows and tells the state of the store', async () => {
	const text = 'sku,name,price,currency,stock\nTEA-0001,Assam,7.90,EUR,120\n';
	const run = await signalbox.as().start({
		workflow: 'CATALOG_IMPORT',
		params: { source: { text }, format: 'csv' },
		agent: 'store-agent/lisbon'
	});
	expect((await signalbox.as().runEnded(run)).output).toMatchObject({ loaded: 1, rejected: 0 });
	const state = await signalbox.as().fetch('/agents/store-agent/lisbon/state');
	expect(await state.json()).toMatchObject({ state: { catalog: { products: 1, units: 120 } } });
});

test('a stock count adds up what the Agents of the aisles counted', async () => {
	const aisles = ['dairy', 'bakery'];
	const run = await signalbox.as().start({ workflow: 'STOCK_COUNT', params: { aisles } });
	expect((await signalbox.as().runEnded(run)).output).toMatchObject({
		counted: [{ aisle: 'dairy' }, { aisle: 'bakery' }],
		missing: []
	});
});

test('a refund is booked, and a follow-up recorded', async () => {
	const refund = await signalbox.as().start({
		workflow: 'REFUND',
		params: { order: 'ORD-1', amount: 5, currency: 'EUR', reason: 'late', requestedBy: 'ana' }
	});
	expect((await signalbox.as().runEnded(refund)).output).toMatchObject({ entry: refund.id });
	const followUp = await signalbox.as().start({
		workflow: 'FOLLOW_UP',
		params: { message: 'Call back', after: '1 second' }
	});
	expect(await signalbox.as().runEnded(followUp)).toMatchObject({
		outcome: 'completed',
		output: { message: 'Call back' }
	});
});
