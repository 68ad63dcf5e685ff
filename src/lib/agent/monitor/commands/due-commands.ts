// Carries out undoable commands when their time has come. That a command has begun is stored before
// it is carried out: after a crash the history tells whether it was, so it takes effect once.
import { ProblemError, type Run } from '../../../protocol';
import { agentErrorText } from '../../../messages/server/agent-errors';
import type { Tails } from '../history/tails';
import type { Reporter } from '../reporter';
import type { AgentRunStore } from '../store/run-store';
import type { RunCommands } from './run-commands';
import type { StoredCommand, UndoableCommandStore } from './undoable-command-store';
import type { UndoWindow } from './undo-window';

/** When to retry a command that failed although nothing refused it, Ms. */
const RETRY_MS = 5_000;

export type DueCommandsParts = {
	store: UndoableCommandStore;
	undoWindow: Pick<UndoWindow, 'settleCommand'>;
	runCommands: Pick<RunCommands, 'controlRun' | 'restartRun'>;
	runs: Pick<AgentRunStore, 'getRun'>;
	tails: Pick<Tails, 'catchUpRun'>;
	reporter: Pick<Reporter, 'reportChanges'>;
};

export class DueCommands {
	readonly #parts: DueCommandsParts;

	constructor(parts: DueCommandsParts) {
		this.#parts = parts;
	}

	/** Carries out the commands that are due at `now`. Never rejects. */
	async runDueCommands(now: number): Promise<void> {
		const due = this.#parts.store.dueCommands(now);
		await Promise.all(due.map((command) => this.#runCommand(command, now)));
	}

	async #runCommand(command: StoredCommand, now: number): Promise<void> {
		const { store, tails, runs, undoWindow, reporter } = this.#parts;
		const { ref, generation, begun } = command;
		store.beginExecution(ref);
		try {
			if (begun) await tails.catchUpRun(ref);
			const run = runs.getRun(ref);
			if (begun && hasTakenEffect(command, run)) {
				undoWindow.settleCommand(command, 'done', {});
			} else if (run.generation !== generation) {
				const why = agentErrorText.droppedForOtherGeneration(generation);
				undoWindow.settleCommand(command, 'dropped', { why });
			} else {
				await this.#carryOut(command);
				undoWindow.settleCommand(command, 'done', {});
			}
		} catch (error) {
			if (error instanceof ProblemError) {
				undoWindow.settleCommand(command, 'dropped', { why: error.problem.detail });
			} else {
				store.postponeCommand(ref, now + RETRY_MS); // the engine may be unreachable
			}
		} finally {
			store.endExecution(ref);
			reporter.reportChanges();
		}
	}

	#carryOut({ ref, action, from, rollback }: StoredCommand): Promise<Run> {
		const { runCommands } = this.#parts;
		if (action === 'terminate') return runCommands.controlRun({ type: action, ref, rollback });
		return runCommands.restartRun({ type: action, ref, ...(from && { from }) });
	}
}

/** Did a command that was begun before a crash reach the engine? */
function hasTakenEffect({ action, generation }: StoredCommand, run: Run): boolean {
	if (run.generation > generation) return action === 'restart';
	return action === 'terminate' && run.status === 'terminated';
}
