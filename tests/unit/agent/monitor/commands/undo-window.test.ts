import { describe, expect, it } from 'vitest';
import type {
	HeldCommand,
	HeldCommands
} from '../../../../../src/lib/agent/monitor/commands/held-commands';
import { Turns } from '../../../../../src/lib/agent/monitor/commands/per-run-queue';
import { UndoWindow } from '../../../../../src/lib/agent/monitor/commands/undo-window';
import { ProblemError, type Json, type Run } from '../../../../../src/lib/protocol';
import { aRun } from '../../../support/runs';

const REF = { workflow: 'REFUND', id: 'x1' };

/** An Agent with one run, as it is after a crash when `command` was found in its table. */
function found(command: Partial<HeldCommand>, run: Partial<Run>) {
	let held: HeldCommand | null = {
		ref: REF,
		action: 'restart',
		from: null,
		rollback: false,
		by: 'ana',
		at: 0,
		dueAt: 5_000,
		generation: 1,
		begun: false,
		...command
	};
	const now = 6_000;
	const present = aRun({ ...REF, ...run });
	const done: string[] = [];
	const notes: [string, Json][] = [];
	let refusal: unknown = null;
	const store: Pick<HeldCommands, keyof HeldCommands> = {
		migrate: () => undefined,
		get: () => held,
		add: () => undefined,
		begin: () => (held = held && { ...held, begun: true }),
		putOff: (_ref, dueAt) => (held = held && { ...held, dueAt }),
		remove: () => (held = null),
		all: () => (held ? [held] : [])
	};
	const undo = new UndoWindow({
		storage: { transactionSync: (work) => work() },
		held: store as HeldCommands, // all that it has
		runs: { get: () => null, run: () => present, update: () => undefined },
		tails: { catchUp: () => Promise.resolve() },
		turns: new Turns(),
		carryOut: (call) => {
			done.push(call.type);
			return refusal ? Promise.reject(refusal) : Promise.resolve();
		},
		note: (action, _ref, detail) => notes.push([action, detail]),
		flush: () => undefined,
		now: () => now
	});
	return { undo, done, notes, refuse: (error: unknown) => (refusal = error) };
}

describe('a held command whose time has come', () => {
	it('is carried out and is past', async () => {
		const { undo, done, notes } = found({}, {});
		await undo.carryOutDue();
		await undo.carryOutDue();
		expect(done).toEqual(['restart']);
		expect(notes).toEqual([['run.restart', { askedBy: 'ana', askedAt: 0 }]]);
		expect(undo.nextAt()).toBeNull();
	});

	it('waits while it is not due', async () => {
		const { undo, done } = found({ dueAt: 6_001 }, {});
		await undo.carryOutDue();
		expect(done).toEqual([]);
		expect(undo.nextAt()).toBe(6_001);
		expect(undo.undo(REF, 'ben')).toMatchObject(REF);
		expect(undo.of(REF)).toBeNull();
	});

	it.each([
		['a restart that made the next generation', { generation: 2 }, {}],
		[
			'a terminate after which the run is terminated',
			{ status: 'terminated' },
			{ action: 'terminate' }
		]
	] as const)('is not carried out again after a crash: %s', async (_what, run, command) => {
		const { undo, done, notes } = found({ ...command, begun: true }, run);
		expect(() => undo.undo(REF, 'ben')).toThrow(/is being carried out/);
		await undo.carryOutDue();
		expect(done).toEqual([]);
		expect(notes).toHaveLength(1);
		expect(undo.nextAt()).toBeNull();
	});

	it('is carried out after a crash when the history shows nothing of it', async () => {
		const { undo, done } = found({ begun: true }, {});
		await undo.carryOutDue();
		expect(done).toEqual(['restart']);
	});

	it('is dropped when the run is of another generation by now, or admits it no more', async () => {
		const other = found({}, { generation: 2 });
		await other.undo.carryOutDue();
		expect(other.done).toEqual([]);
		expect(other.notes[0]?.[0]).toBe('run.restart-dropped');

		const refused = found({ action: 'terminate' }, {});
		refused.refuse(new ProblemError('wrong-state', 'The run is complete.'));
		await refused.undo.carryOutDue();
		expect(refused.notes).toEqual([
			['run.terminate-dropped', { askedBy: 'ana', askedAt: 0, why: 'The run is complete.' }]
		]);
		expect(refused.undo.nextAt()).toBeNull();
	});

	it('is tried again later when the engine is away', async () => {
		const { undo, notes, refuse } = found({}, {});
		refuse(new Error('network'));
		await undo.carryOutDue();
		expect(notes).toEqual([]);
		expect(undo.nextAt()).toBeGreaterThan(6_000);
	});
});
