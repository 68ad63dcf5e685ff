import { flushSync, tick } from 'svelte';
import { describe, expect, it } from 'vitest';
import type { Connection } from '../../../../src/lib/client/socket/connection.svelte';
import { LiveRunList } from '../../../../src/lib/client/live/live-run-list.svelte';
import type { Requests } from '../../../../src/lib/client/requests';
import {
	runKey,
	toRunRow,
	type Change,
	type RequestInput,
	type ViewInput
} from '../../../../src/lib/protocol';
import { aRun } from '../../support/runs';

const RUNS = Array.from({ length: 300 }, (_, n) => aRun({ id: `run-${n}` }));

const WINDOW = { offset: 0, before: 0, beforeExact: true, head: 'the-head' };

/** A list whose first sixty rows are there; the others have to be asked for. */
function listed() {
	/** What the server has now. */
	const server = { runs: RUNS };
	const asked: RequestInput[] = [];
	const views: ViewInput[] = [];
	let tell: (change: Change) => void = () => undefined;
	const connection = {
		subscribe: (view: ViewInput, onChange: (change: Change) => void) => {
			views.push(view);
			tell = onChange;
			return () => undefined;
		}
	} as unknown as Connection; // what a list uses of it
	const requests = {
		ask: async (request: Extract<RequestInput, { type: 'runs.list' }>) => {
			asked.push(request);
			const named = /id:(\S+)/.exec(String(request.query.q))?.[1]?.split(',');
			if (named) {
				const found = server.runs.filter(({ id }) => named.includes(id));
				const counted = { total: found.length, totalExact: true, nextCursor: null };
				return { ok: true, value: { runs: found, ...counted } };
			}
			const from = request.window?.offset ?? 0;
			const runs = server.runs.slice(from, from + Number(request.query.limit));
			return { ok: true, value: { runs, total: 300, totalExact: true, nextCursor: null } };
		}
	} as unknown as Requests; // what a list uses of it
	let list: LiveRunList | undefined;
	const end = $effect.root(() => {
		list = new LiveRunList(connection, requests, () => ({ q: 'region:eu', order: 'created:desc' }));
	});
	flushSync();
	const page = (offset = 0) => {
		const rows = server.runs.slice(offset, offset + 60).map(toRunRow);
		const total = server.runs.length;
		return { rows, total, totalExact: true, nextCursor: null, window: { ...WINDOW, offset } };
	};
	tell({ kind: 'runs', ...page() });
	const shown = () => {
		const view = views.at(-1);
		return view?.kind === 'runs' ? Number(view.window?.offset) : 0;
	};
	return {
		...{ list: list as unknown as LiveRunList, asked, views, end },
		/** The server answers the subscription that was begun last. */
		answer: () => {
			tell({ kind: 'runs', ...page(shown()) });
		},
		/** Runs leave the list, and its window is told so. */
		leave: (ids: readonly string[]) => {
			server.runs = server.runs.filter(({ id }) => !ids.includes(id));
			const { rows, ...rest } = page(shown());
			tell({ kind: 'runs-changed', ...rest, rows, keys: rows.map(runKey) });
		}
	};
}

describe('a range of a list', () => {
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
				window: { offset: 59, from: 'the-head' }
			},
			{
				type: 'runs.list',
				query: { ...query, limit: 93 },
				window: { offset: 159, from: 'the-head' }
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
			problem: { status: 400, detail: expect.stringContaining('at most 10,000 runs') }
		});
		end();
	});
});

const ids = (from: number, to: number, without: readonly string[] = []) =>
	RUNS.slice(from, to)
		.map(({ id }) => id)
		.filter((id) => !without.includes(id));

/** A list that is being read. */
async function frozen() {
	const given = listed();
	await tick();
	given.list.read('selection', true);
	flushSync();
	given.answer();
	await tick();
	return given;
}

describe('a frozen list from which rows have left', () => {
	const LEFT = ['run-3', 'run-4', 'run-20', 'run-21', 'run-22'];

	it('has ranges without them, and with every row between the two that were clicked', async () => {
		const { list, leave, end } = await frozen();
		leave(LEFT);
		await tick();
		expect(list.rowAt(20)?.id).toBe('run-20');
		expect(list.isGone('REFUND/run-20')).toBe(true);
		const short = await list.runsOf({ first: 2, count: 30 });
		expect(short.ok && short.value.map(({ id }) => id)).toEqual(ids(2, 32, LEFT));
		const long = await list.runsOf({ first: 2, count: 200 });
		expect(long.ok && long.value.map(({ id }) => id)).toEqual(ids(2, 202, LEFT));
		end();
	});

	it('keeps every row in its place when one scrolls on, and ranges over what was never shown', async () => {
		const { list, leave, answer, end } = await frozen();
		leave(LEFT);
		await tick();
		list.look({ first: 200, count: 20 });
		flushSync();
		answer();
		await tick();
		expect(list.rowAt(200)?.id).toBe('run-200');
		expect(list.length).toBe(300);
		list.look({ first: 10, count: 20 });
		flushSync();
		answer();
		await tick();
		expect(list.rowAt(20)?.id).toBe('run-20');
		expect(list.rowAt(23)?.id).toBe('run-23');
		const range = await list.runsOf({ first: 2, count: 209 });
		expect(range.ok && range.value.map(({ id }) => id)).toEqual(ids(2, 211, LEFT));
		end();
	});

	it('has ranges that end at the clicked row, though others have left where nobody looks', async () => {
		const { list, leave, answer, end } = await frozen();
		list.look({ first: 200, count: 20 });
		flushSync();
		answer();
		await tick();
		leave(['run-100', 'run-101']);
		await tick();
		const range = await list.runsOf({ first: 50, count: 160 });
		const left = ['run-100', 'run-101'];
		expect(range.ok && range.value.map(({ id }) => id)).toEqual(ids(50, 210, left));
		end();
	});

	it('has ranges with rows that only moved out of their window, since others above it left', async () => {
		const { list, leave, answer, end } = await frozen();
		list.look({ first: 200, count: 20 });
		flushSync();
		answer();
		await tick();
		const top = Array.from({ length: 300 }, (_, place) => place).find(
			(place) => place > 60 && list.rowAt(place)
		);
		leave(['run-100', 'run-101', 'run-210']);
		await tick();
		const first = Number(top);
		const range = await list.runsOf({ first, count: 50 });
		const left = ['run-100', 'run-101', 'run-210'];
		expect(range.ok && range.value.map(({ id }) => id)).toEqual(ids(first, first + 50, left));
		end();
	});

	it('keeps still over a reconnect', async () => {
		const { list, leave, answer, end } = await frozen();
		leave(['run-3']);
		await tick();
		const before = Array.from({ length: 60 }, (_, place) => list.rowAt(place)?.id);
		leave(LEFT);
		answer();
		await tick();
		expect(Array.from({ length: 60 }, (_, place) => list.rowAt(place)?.id)).toEqual(before);
		expect(LEFT.every((id) => list.isGone(`REFUND/${id}`))).toBe(true);
		end();
	});
});
