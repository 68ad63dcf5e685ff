import { flushSync, tick } from 'svelte';
import { afterEach, describe, expect, it } from 'vitest';
import type { Connection } from '../../../../src/lib/client/socket/connection.svelte';
import { LiveAudit } from '../../../../src/lib/client/live/live-audit';
import { LiveRun } from '../../../../src/lib/client/live/live-run';
import { LiveRunList } from '../../../../src/lib/client/live/live-run-list.svelte';
import type { Requests } from '../../../../src/lib/client/requests';
import { problem, toRunRow, type Change, type ViewInput } from '../../../../src/lib/protocol';
import { aRun } from '../../support/runs';

/** A connection that answers when a test says so. */
function held() {
	const asked: { view: ViewInput; tell: (change: Change) => void }[] = [];
	const connection = {
		live: false,
		status: 'stale',
		refused: null,
		subscribe: (view: ViewInput, tell: (change: Change) => void) => {
			asked.push({ view, tell });
			return () => undefined;
		}
	} as unknown as Connection; // what a view uses of it
	return { connection, asked };
}

const runs = (ids: string[]): Change => ({
	kind: 'runs',
	rows: ids.map((id) => toRunRow(aRun({ id }))),
	total: ids.length,
	totalExact: true,
	nextCursor: null
});

let end = () => undefined as unknown;
afterEach(() => void end());

function begun<T>(make: () => T): T {
	let made: T | undefined;
	end = $effect.root(() => {
		made = make();
	});
	flushSync();
	return made as T; // made just now
}

describe('a filter that was changed while there is no connection', () => {
	it('leaves the rows of the filter before, marked as such, until the answer comes', async () => {
		const { connection, asked } = held();
		let q = $state('region:eu');
		const list = begun(
			() => new LiveRunList(connection, {} as Requests, () => ({ q, order: 'created:desc' }))
		);
		expect(list.previous).toBe(false);
		asked[0]?.tell(runs(['a']));
		await tick();
		expect([list.previous, list.total]).toEqual([false, 1]);
		q = 'region:us';
		flushSync();
		expect([list.previous, list.rowAt(0)?.id]).toEqual([true, 'a']);
		asked[1]?.tell(runs(['b']));
		await tick();
		expect([list.previous, list.rowAt(0)?.id]).toEqual([false, 'b']);
	});

	it('marks the rows too when the answer is a refusal, such as of one that cannot be read', async () => {
		const { connection, asked } = held();
		let action = $state('run.pause');
		const audit = begun(() => new LiveAudit(connection, () => ({ action })));
		asked[0]?.tell({ kind: 'audit', entries: [] });
		await tick();
		action = 'run.resume';
		flushSync();
		asked[1]?.tell({ kind: 'refused', problem: problem('internal', 'It cannot be read.') });
		await tick();
		expect(audit.previous).toBe(true);
		expect(audit.error?.detail).toBe('It cannot be read.');
	});

	it('never shows one run under the name of another', async () => {
		const { connection, asked } = held();
		let id = $state('a');
		const run = begun(() => new LiveRun(connection, () => ({ workflow: 'REFUND', id })));
		const shown = { run: aRun({ id: 'a' }), exact: true, events: [], children: [] };
		asked[0]?.tell({ kind: 'run', ...shown, ancestors: [], approvals: [] });
		await tick();
		expect(run.current?.run.id).toBe('a');
		id = 'b';
		flushSync();
		expect(run.current).toBeUndefined();
		asked[1]?.tell({ kind: 'refused', problem: problem('unknown-run', 'b') });
		await tick();
		expect(run.current).toBeUndefined();
		expect(run.error?.status).toBe(404);
	});
});
