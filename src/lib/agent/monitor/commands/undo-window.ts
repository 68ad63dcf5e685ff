// Commands that can be undone for a moment before they are carried out.
import {
	admits,
	ProblemError,
	runKey,
	type Json,
	type Run,
	type RunRef,
	type UndoableCommand
} from '../../../protocol';
import { agentErrorText } from '../../../messages/server/agent-errors';
import type { UndoableCommandInput } from '../../rpc/agent-rpc';
import type { Tails } from '../history/tails';
import type { Reporter } from '../reporter';
import type { AuditNotes } from '../store/audit-notes';
import type { AgentRunStore } from '../store/run-store';
import type { PerRunQueue } from './per-run-queue';
import type { StoredCommand, UndoableCommandStore } from './undoable-command-store';

export type UndoWindowParts = {
	storage: Pick<DurableObjectStorage, 'transactionSync'>;
	store: UndoableCommandStore;
	runs: Pick<AgentRunStore, 'getRun' | 'updateRun'>;
	tails: Pick<Tails, 'catchUpRun'>;
	queue: PerRunQueue;
	notes: Pick<AuditNotes, 'addNote'>;
	reporter: Pick<Reporter, 'reportChanges'>;
};

/** What became of a command. */
type CommandEnd = 'done' | 'undone' | 'dropped';

export class UndoWindow {
	readonly #parts: UndoWindowParts;

	constructor(parts: UndoWindowParts) {
		this.#parts = parts;
	}

	/** The run's undoable command as the API shows it; null for none. */
	commandOf(ref: RunRef): UndoableCommand | null {
		const command = this.#parts.store.findCommand(ref);
		if (!command) return null;
		const { action, from, rollback, by, at, dueAt } = command;
		return { action, from, rollback, by, at, dueAt };
	}

	/**
	 * Stores a command that is carried out after `ms`, unless it is undone. What the run does not
	 * admit is refused at once, and checked again when the command is carried out.
	 * @throws ProblemError `unknown-run`, `wrong-state`
	 */
	holdCommand(ref: RunRef, command: UndoableCommandInput, ms: number): Promise<Run> {
		const { store, runs, tails, queue, storage, reporter } = this.#parts;
		return queue.enqueue(ref, async () => {
			runs.getRun(ref);
			await tails.catchUpRun(ref);
			const { status, generation } = runs.getRun(ref);
			if (!admits(status, command.action)) {
				const detail = agentErrorText.actionNotAllowed(status, command.action);
				throw new ProblemError('wrong-state', detail, { runStatus: status });
			}
			const other = store.findCommand(ref);
			if (other) {
				const detail = agentErrorText.otherCommandPending(other.by, other.action);
				throw new ProblemError('wrong-state', detail, { held: this.commandOf(ref) });
			}
			const at = Date.now();
			storage.transactionSync(() => {
				store.addCommand({ ...command, ref, at, dueAt: at + ms, generation });
				this.#markRunChanged(ref);
			});
			reporter.reportChanges();
			return runs.getRun(ref);
		});
	}

	/** Undoes the command of a run. @throws ProblemError `unknown-run`, `wrong-state` */
	undoCommand(ref: RunRef, by: string): Run {
		const run = this.#parts.runs.getRun(ref);
		const command = this.#parts.store.findCommand(ref);
		if (!command || command.begun) {
			const detail = command
				? agentErrorText.undoTooLate(command.action)
				: agentErrorText.nothingToUndo;
			throw new ProblemError('wrong-state', detail);
		}
		this.settleCommand(command, 'undone', { by });
		return run;
	}

	/** A terminate or restart was carried out at once: the run's undoable command is obsolete. */
	dropCommand(ref: RunRef): void {
		const command = this.#parts.store.findCommand(ref);
		if (!command || command.begun) return;
		this.settleCommand(command, 'dropped', { why: agentErrorText.droppedForOtherCommand });
	}

	/** Removes a command, shows that on the run, and notes the end for the audit log. */
	settleCommand(
		{ ref, action, by, at }: StoredCommand,
		end: CommandEnd,
		detail: { [key: string]: Json }
	): void {
		const { storage, store, notes, reporter } = this.#parts;
		storage.transactionSync(() => {
			store.removeCommand(ref);
			this.#markRunChanged(ref);
			// The request to undo is in the audit log already, with its actor.
			if (end !== 'undone') {
				const auditAction = end === 'done' ? `run.${action}` : `run.${action}-dropped`;
				notes.addNote(auditAction, runKey(ref), { askedBy: by, askedAt: at, ...detail });
			}
		});
		reporter.reportChanges();
	}

	/** Reports the run although nothing of it changed: pages show its undoable command with it. */
	#markRunChanged(ref: RunRef): void {
		this.#parts.runs.updateRun(ref, () => ({}));
	}
}
