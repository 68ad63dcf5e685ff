import { describe, expect, it } from 'vitest';
import { DueCommands } from '../../../../../src/lib/agent/monitor/commands/due-commands';
import { PerRunQueue } from '../../../../../src/lib/agent/monitor/commands/per-run-queue';
import {
	UndoableCommandStore,
	type StoredCommand
} from '../../../../../src/lib/agent/monitor/commands/undoable-command-store';
import { UndoWindow } from '../../../../../src/lib/agent/monitor/commands/undo-window';
import { ProblemError, type Json, type Run } from '../../../../../src/lib/protocol';
import { aRun } from '../../../support/runs';
import { memoryStorage } from '../../../support/storage';

const REF = { workflow: 'REFUND', id: 'x1' };
const NOW = 6_000;

/** An Agent with one run, as it is after a crash when `command` was found in its table. */
function found(command: Partial<StoredCommand>, run: Partial<Run>) {
	const storage = memoryStorage();
	const store = new UndoableCommandStore(storage.sql);
	store.migrate();
	store.addCommand({
		ref: REF,
		action: 'restart',
		from: null,
		rollback: false,
		by: 'ana',
		at: 0,
		dueAt: 5_000,
		generation: 1,
		...command
	});
	if (command.begun) {
		store.beginExecution(REF);
		store.endExecution(REF);
	}
	const present = aRun({ ...REF, ...run });
	const done: string[] = [];
	const notes: [string, Json][] = [];
	let refusal: Error | null = null;
	const carryOut = async ({ type }: { type: string }) => {
		done.push(type);
		if (refusal) throw refusal;
		return present;
	};
	const runs = { getRun: () => present, updateRun: () => undefined };
	const tails = { catchUpRun: () => Promise.resolve() };
	const reporter = { reportChanges: () => undefined };
	const undoWindow = new UndoWindow({
		storage,
		store,
		runs,
		tails,
		queue: new PerRunQueue(),
		notes: { addNote: (action, _target, detail) => notes.push([action, detail]) },
		reporter
	});
	const runCommands = { controlRun: carryOut, restartRun: carryOut };
	const due = new DueCommands({ store, undoWindow, runCommands, runs, tails, reporter });
	const runDue = () => due.runDueCommands(NOW);
	return { store, undoWindow, runDue, done, notes, refuse: (error: Error) => (refusal = error) };
}

describe('an undoable command', () => {
	it('is carried out once when it is due', async () => {
		const { store, runDue, done, notes } = found({}, {});
		await runDue();
		await runDue();
		expect(done).toEqual(['restart']);
		expect(notes).toEqual([['run.restart', { askedBy: 'ana', askedAt: 0 }]]);
		expect(store.nextCommandAt()).toBeNull();
	});

	it('waits while it is not due', async () => {
		const { store, undoWindow, runDue, done } = found({ dueAt: 6_001 }, {});
		await runDue();
		expect(done).toEqual([]);
		expect(store.nextCommandAt()).toBe(6_001);
		expect(undoWindow.undoCommand(REF, 'ben')).toMatchObject(REF);
		expect(undoWindow.commandOf(REF)).toBeNull();
	});

	it.each([
		['a restart that made the next generation', { generation: 2 }, {}],
		[
			'a terminate after which the run is terminated',
			{ status: 'terminated' },
			{ action: 'terminate' }
		]
	] as const)('is not carried out again after a crash: %s', async (_what, run, command) => {
		const { store, undoWindow, runDue, done, notes } = found({ ...command, begun: true }, run);
		expect(() => undoWindow.undoCommand(REF, 'ben')).toThrow(/has already started/);
		await runDue();
		expect(done).toEqual([]);
		expect(notes).toHaveLength(1);
		expect(store.nextCommandAt()).toBeNull();
	});

	it('is carried out after a crash when the history shows nothing of it', async () => {
		const { runDue, done } = found({ begun: true }, {});
		await runDue();
		expect(done).toEqual(['restart']);
	});

	it('is dropped when the run is of another generation by now, or no longer admits it', async () => {
		const other = found({}, { generation: 2 });
		await other.runDue();
		expect(other.done).toEqual([]);
		expect(other.notes[0]?.[0]).toBe('run.restart-dropped');

		const refused = found({ action: 'terminate' }, {});
		refused.refuse(new ProblemError('wrong-state', 'The run is complete.'));
		await refused.runDue();
		expect(refused.notes).toEqual([
			['run.terminate-dropped', { askedBy: 'ana', askedAt: 0, why: 'The run is complete.' }]
		]);
		expect(refused.store.nextCommandAt()).toBeNull();
	});

	it('is tried again later when the engine is away', async () => {
		const { store, runDue, notes, refuse } = found({}, {});
		refuse(new Error('network'));
		await runDue();
		expect(notes).toEqual([]);
		expect(store.nextCommandAt()).toBeGreaterThan(6_000);
	});
});
