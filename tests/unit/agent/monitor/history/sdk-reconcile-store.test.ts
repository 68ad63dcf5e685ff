import { beforeEach, describe, expect, it } from 'vitest';
import { Mends } from '../../../../../src/lib/agent/monitor/history/sdk-reconcile-store';
import { memorySql } from '../../../support/sqlite';

const RUN = { workflow: 'REFUND', id: 'run-1' };

describe('what is left to mend', () => {
	let mends: Mends;

	beforeEach(() => {
		// It speaks the few words of a Durable Object's SQL that are used here.
		mends = new Mends(memorySql() as unknown as SqlStorage);
		mends.migrate();
	});

	it('stays until it is mended', () => {
		mends.add(RUN);
		expect(mends.take()).toEqual([RUN]);
		expect(mends.take()).toEqual([RUN]);
		mends.remove(RUN);
		expect(mends.take()).toEqual([]);
	});

	it('is left as it is after ten tries', () => {
		mends.add(RUN);
		for (let tries = 0; tries < 10; tries += 1) expect(mends.take()).toEqual([RUN]);
		expect(mends.take()).toEqual([]);
		expect(mends.all()).toEqual([]);
	});

	it('is tried afresh when the run ends again', () => {
		mends.add(RUN);
		for (let tries = 0; tries < 9; tries += 1) mends.take();
		mends.add(RUN);
		expect(mends.take()).toEqual([RUN]);
		expect(mends.take()).toEqual([RUN]);
	});
});
