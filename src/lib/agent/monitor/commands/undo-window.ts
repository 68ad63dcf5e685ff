// Holds a command back for a moment, so that a slip of the hand can be undone. It is written down
// with its time first, and that it was begun before it is carried out: after a crash the history
// tells whether it was, so that it is done once.
import {
	admits,
	ProblemError,
	runKey,
	type Held,
	type Json,
	type Run,
	type RunRef
} from '../../../protocol';
import type { AgentCall, HeldWish } from '../../rpc/agent-rpc';
import type { HeldCommand, HeldCommands } from './held-commands';
import type { RunStore } from '../store/run-store';
import type { Tails } from '../history/tails';
import type { Turns } from './per-run-queue';

/** When a command that could not be carried out, though nothing refused it, is tried again, Ms. */
const AGAIN_MS = 5_000;

/** A held command when its time has come. */
type DueCall = Extract<AgentCall, { type: 'terminate' } | { type: 'restart' }>;

export type UndoWindowHost = {
	storage: Pick<DurableObjectStorage, 'transactionSync'>;
	held: HeldCommands;
	runs: Pick<RunStore, 'get' | 'run' | 'update'>;
	tails: Pick<Tails, 'catchUp'>;
	/** The commands of one run, one after the other. */
	turns: Turns;
	/** Carries out a command as if it were asked for now. @throws ProblemError what refused it */
	carryOut: (call: DueCall) => Promise<unknown>;
	/** Notes for the audit what became of it. */
	note: (action: string, ref: RunRef, detail: Json) => void;
	/** There is something to report, and something to wake for. */
	flush: () => void;
	now: () => number;
};

export class UndoWindow {
	readonly #host: UndoWindowHost;
	/** What is being carried out in this life of the Agent. */
	readonly #doing = new Set<string>();

	constructor(host: UndoWindowHost) {
		this.#host = host;
	}

	/** What is held for a run, as everyone sees it. */
	of(ref: RunRef): Held | null {
		const command = this.#host.held.get(ref);
		if (!command) return null;
		const { action, from, rollback, by, at, dueAt } = command;
		return { action, from, rollback, by, at, dueAt };
	}

	/**
	 * Holds a command for `ms`. It is judged now, so that what the run does not admit is refused at
	 * once, and again when it is carried out.
	 * @throws ProblemError `unknown-run`, `wrong-state`
	 */
	hold(ref: RunRef, command: HeldWish, ms: number): Promise<Run> {
		const { held, runs, tails, turns, storage } = this.#host;
		return turns.take(ref, async () => {
			runs.run(ref);
			await tails.catchUp(ref);
			const { status, generation } = runs.run(ref);
			const { action } = command;
			if (!admits(status, action)) {
				const detail = `The run is ${status}: it cannot ${action} now.`;
				throw new ProblemError('wrong-state', detail, { runStatus: status });
			}
			const other = held.get(ref);
			if (other) {
				const detail = `${other.by} has asked to ${other.action} it already: undo that first.`;
				throw new ProblemError('wrong-state', detail, { held: this.of(ref) });
			}
			const at = this.#host.now();
			storage.transactionSync(() => {
				held.add({ ...command, ref, at, dueAt: at + ms, generation });
				this.#show(ref);
			});
			this.#host.flush();
			return runs.run(ref);
		});
	}

	/** Undoes what is held for a run. @throws ProblemError `unknown-run`, `wrong-state` */
	undo(ref: RunRef, by: string): Run {
		const run = this.#host.runs.run(ref);
		const command = this.#host.held.get(ref);
		if (!command || command.begun) {
			const why = command ? `the ${command.action} is being carried out` : 'nothing is held back';
			throw new ProblemError('wrong-state', `It is too late to undo: ${why}.`);
		}
		this.#settle(command, 'undone', { by });
		return run;
	}

	/** A terminate or a restart was carried out at once: what was held for the run is past. */
	overtaken(ref: RunRef): void {
		const command = this.#host.held.get(ref);
		if (command && !command.begun) {
			this.#settle(command, 'dropped', { why: 'Another command came before it.' });
		}
	}

	/** When the next one is to be carried out, Ms; null for none. */
	nextAt(): number | null {
		const waiting = this.#host.held.all().filter(({ ref }) => !this.#doing.has(runKey(ref)));
		return waiting[0]?.dueAt ?? null;
	}

	/** Carries out what is due. Never rejects. */
	async carryOutDue(): Promise<void> {
		const now = this.#host.now();
		const due = this.#host.held.all().filter(({ ref, dueAt }) => {
			return dueAt <= now && !this.#doing.has(runKey(ref));
		});
		await Promise.all(due.map((command) => this.#carryOut(command)));
	}

	async #carryOut(command: HeldCommand): Promise<void> {
		const { held, tails, runs } = this.#host;
		const { ref, action, from, rollback, begun } = command;
		this.#doing.add(runKey(ref));
		held.begin(ref);
		try {
			if (begun) await tails.catchUp(ref);
			const run = runs.run(ref);
			if (begun && isDone(command, run)) return this.#settle(command, 'done', {});
			if (run.generation !== command.generation) {
				const why = `It was asked of generation ${command.generation}.`;
				return this.#settle(command, 'dropped', { why });
			}
			await this.#host.carryOut(
				action === 'terminate'
					? { type: action, ref, rollback }
					: { type: action, ref, ...(from && { from }) }
			);
			this.#settle(command, 'done', {});
		} catch (error) {
			if (error instanceof ProblemError) {
				this.#settle(command, 'dropped', { why: error.problem.detail });
			} else {
				// Nothing refused it: the engine may be away. It stays written down.
				held.putOff(ref, this.#host.now() + AGAIN_MS);
			}
		} finally {
			this.#doing.delete(runKey(ref));
			this.#host.flush();
		}
	}

	/** It is over: forgotten, told to whoever looks at the run, and noted. */
	#settle(
		command: HeldCommand,
		end: 'done' | 'undone' | 'dropped',
		detail: { [key: string]: Json }
	) {
		const { ref, action, by, at } = command;
		this.#host.storage.transactionSync(() => {
			this.#host.held.remove(ref);
			this.#show(ref);
			// Who undid it is in the audit as the one who asked for that.
			if (end !== 'undone') {
				const verb = end === 'done' ? `run.${action}` : `run.${action}-dropped`;
				this.#host.note(verb, ref, { askedBy: by, askedAt: at, ...detail });
			}
		});
		this.#host.flush();
	}

	/** Nothing of the run changed but what is shown of it: that too is reported. */
	#show(ref: RunRef): void {
		this.#host.runs.update(ref, () => ({}));
	}
}

/** Did a command that was begun before a crash reach the engine? */
function isDone({ action, generation }: HeldCommand, run: Run): boolean {
	if (run.generation > generation) return action === 'restart';
	return action === 'terminate' && run.status === 'terminated';
}
