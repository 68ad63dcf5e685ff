import { flushSync, tick } from 'svelte';
import { describe, expect, it } from 'vitest';
import type { Connection } from '../../../../src/lib/client/socket/connection.svelte';
import { LiveRunList } from '../../../../src/lib/client/live/live-run-list.svelte';
import type { Requests } from '../../../../src/lib/client/requests';
import { toRunRow, type Change, type RequestInput } from '../../../../src/lib/protocol';
import { aRun } from '../../support/runs';

const RUNS = Array.from({ length: 300 }, (_, n) => aRun({ id: `run-${n}` }));

/** A list whose first sixty rows are there; the others have to be asked for. */
function listed() {
	const asked: RequestInput[] = [];
	let tell: (change: Change) => void = () => undefined;
	const connection = {
		subscribe: (_view: unknown, onChange: (change: Change) => void) => {
			tell = onChange;
			return () => undefined;
		}
	} as unknown as Connection; // what a list uses of it
	const requests = {
		ask: async (request: Extract<RequestInput, { type: 'runs.list' }>) => {
			asked.push(request);
			const from = request.window?.offset ?? 0;
			const runs = RUNS.slice(from, from + Number(request.query.limit));
			return { ok: true, value: { runs, total: 300, totalExact: true, nextCursor: null } };
		}
	} as unknown as Requests; // what a list uses of it
	let list: LiveRunList | undefined;
	const end = $effect.root(() => {
		list = new LiveRunList(connection, requests, () => ({ q: 'region:eu', order: 'created:desc' }));
	});
	flushSync();
	const window = { offset: 0, before: 0, beforeExact: true, head: 'the-head' };
	const rows = RUNS.slice(0, 60).map(toRunRow);
	tell({ kind: 'runs', rows, total: 300, totalExact: true, nextCursor: null, window });
	return { list: list as unknown as LiveRunList, asked, end };
}

describe('a stretch of a list', () => {
	it('is whole, though most of its rows were never on screen', async () => {
		const { list, asked, end } = listed();
		await tick();
		list.read('selection', true);
		const answer = await list.runsOf({ first: 10, count: 240 });
		expect(answer.ok && answer.value.map(({ id }) => id)).toEqual(
			RUNS.slice(10, 250).map(({ id }) => id)
		);
		const query = { q: 'region:eu', order: 'created:desc' };
		// Places are counted from the row that the list stands at, whatever has entered above it.
		expect(asked).toEqual([
			{
				type: 'runs.list',
				query: { ...query, limit: 100 },
				window: { offset: 60, from: 'the-head' }
			},
			{
				type: 'runs.list',
				query: { ...query, limit: 90 },
				window: { offset: 160, from: 'the-head' }
			}
		]);
		end();
	});

	it('ends with the list, and is refused when it is too long', async () => {
		const { list, end } = listed();
		await tick();
		const rest = await list.runsOf({ first: 290, count: 50 });
		expect(rest.ok && rest.value).toHaveLength(10);
		expect(await list.runsOf({ first: 0, count: 10_001 })).toMatchObject({
			ok: false,
			problem: { status: 400, detail: expect.stringContaining('10,000 runs at most') }
		});
		end();
	});
});
