import { beforeEach, describe, expect, it } from 'vitest';
import { Directory } from '../../../../src/lib/agent/operations/agent-directory';
import { memorySql } from '../../support/sqlite';

const AGENT = { class: 'StoreAgent', name: 'berlin', path: 'store-agent/berlin' };

function aReport(sequence: number, previous: number) {
	return { agent: AGENT, sequence, previous, runs: [], approvals: [], notes: [] };
}

describe('the directory of Agents', () => {
	let directory: Directory;

	beforeEach(() => {
		directory = new Directory(memorySql());
		directory.migrate();
	});

	it('misses nothing while reports come one after the other', () => {
		expect(directory.seen(aReport(1, 0), 1)).toBe(false);
		expect(directory.seen(aReport(2, 1), 2)).toBe(false);
	});

	it('misses nothing when an acknowledgement was lost', () => {
		directory.seen(aReport(1, 0), 1);
		directory.seen(aReport(2, 1), 2);
		expect(directory.seen(aReport(3, 1), 3)).toBe(false);
	});

	it('notices that a report is missing which was once acknowledged', () => {
		directory.seen(aReport(3, 0), 1);
		expect(directory.seen(aReport(8, 7), 2)).toBe(true);
	});

	it('goes on asking for everything until the Agent begins to send it', () => {
		directory.seen(aReport(3, 0), 1);
		// The answer to this one is lost, so the Agent goes by what it knew before.
		expect(directory.seen(aReport(8, 7), 2)).toBe(true);
		expect(directory.seen(aReport(9, 7), 3)).toBe(true);
		// An Agent that was asked for everything says that it counts on nothing.
		expect(directory.seen(aReport(10, 0), 4)).toBe(false);
		expect(directory.seen(aReport(11, 10), 5)).toBe(false);
	});
});
