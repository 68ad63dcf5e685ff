import { beforeEach, describe, expect, it } from 'vitest';
import { ReconcileStore } from '../../../../../src/lib/agent/monitor/history/sdk-reconcile-store';
import { memorySql } from '../../../support/sqlite';

const RUN = { workflow: 'REFUND', id: 'run-1' };

describe('a run to reconcile', () => {
	let store: ReconcileStore;

	beforeEach(() => {
		// It has the part of a Durable Object's SQL that is used here.
		store = new ReconcileStore(memorySql() as unknown as SqlStorage);
		store.migrate();
	});

	it('stays until it is reconciled', () => {
		store.addRun(RUN);
		expect(store.takeRuns()).toEqual([RUN]);
		expect(store.takeRuns()).toEqual([RUN]);
		store.removeRun(RUN);
		expect(store.takeRuns()).toEqual([]);
	});

	it('is dropped after ten tries', () => {
		store.addRun(RUN);
		for (let tries = 0; tries < 10; tries += 1) expect(store.takeRuns()).toEqual([RUN]);
		expect(store.takeRuns()).toEqual([]);
		expect(store.allRuns()).toEqual([]);
	});

	it('is tried ten more times when the run ends again', () => {
		store.addRun(RUN);
		for (let tries = 0; tries < 9; tries += 1) store.takeRuns();
		store.addRun(RUN);
		expect(store.takeRuns()).toEqual([RUN]);
		expect(store.takeRuns()).toEqual([RUN]);
	});
});
