// What people do to runs, on its way to the engine. Each verb first reads what the engine has, so
// that it is judged by the truth and not by what was known a while ago, and reads again after it.
import {
	admits,
	isApprovalWait,
	isEnded,
	ProblemError,
	runKey,
	type EventInput,
	type Restart,
	type Run,
	type RunAction,
	type RunRef
} from '../../../protocol';
import type { ApprovalStore } from '../approvals/approval-store';
import { within } from '../../rpc/with-timeout';
import type { Engine } from '../history/engine';
import type { HeldCommands } from './held-commands';
import type { ProgressTrail } from '../store/progress-history';
import type { RunStore } from '../store/run-store';
import type { SdkTracking } from '../history/sdk-tracking';
import type { Tails } from '../history/tails';
import type { Turns } from './per-run-queue';

/** How long a command waits for a roll-back to end, Ms. */
const PATIENCE_MS = 1_000;

export type ControlsHost = {
	storage: DurableObjectStorage;
	engine: Engine;
	runs: RunStore;
	approvals: ApprovalStore;
	tails: Tails;
	sdk: SdkTracking;
	/** The commands of one run, one after the other. */
	turns: Turns;
	held: HeldCommands;
	trail: ProgressTrail;
	/** The run was terminated or restarted: what was held back for it is past. */
	overtaken: (ref: RunRef) => void;
	/** Begins the generation after `former`. */
	nextGeneration: (ref: RunRef, former: number) => void;
	/** There is something to report, and perhaps something to wake for. */
	flush: () => void;
};

export class Controls {
	readonly #host: ControlsHost;

	constructor(host: ControlsHost) {
		this.#host = host;
	}

	/** Pauses, resumes or terminates a run. @throws ProblemError `unknown-run`, `wrong-state` */
	control(action: 'pause' | 'resume' | 'terminate', ref: RunRef): Promise<Run> {
		return this.#host.turns.take(ref, async () => {
			await this.#admit(action, ref);
			await this.#engineCall(ref, () => this.#host.sdk.control(action, ref));
			if (action === 'terminate') this.#host.overtaken(ref);
			await this.#host.tails.catchUp(ref);
			return this.#host.runs.run(ref);
		});
	}

	/**
	 * Terminates a run after it has undone what its steps did, where they registered how. That can
	 * take long: this answers when it has begun, and the history tells the rest.
	 * @throws ProblemError `unknown-run`, `wrong-state`
	 */
	rollBack(ref: RunRef): Promise<Run> {
		return this.#host.turns.take(ref, async () => {
			await this.#admit('terminate', ref);
			await this.#engineCall(ref, async () => {
				const instance = await this.#host.engine.instance(ref);
				const ended = instance.terminate({ rollback: true });
				ended.catch(() => undefined); // later than the answer: what became of it is in the history
				await within(ended, PATIENCE_MS);
			});
			this.#host.overtaken(ref);
			await this.#host.tails.catchUp(ref);
			return this.#host.runs.run(ref);
		});
	}

	/** Restarts a run as its next generation. @throws ProblemError `unknown-run`, `wrong-state` */
	restart(ref: RunRef, from: Restart['from']): Promise<Run> {
		return this.#host.turns.take(ref, () => this.#restart(ref, from));
	}

	/**
	 * Makes sure that a run is in this generation, when all that was asked of it before is done.
	 * @throws ProblemError `unknown-run`; `wrong-state` with the `generation` that it is in
	 */
	expect(ref: RunRef, generation: number): Promise<void> {
		return this.#host.turns.take(ref, async () => {
			this.#host.runs.run(ref);
			await this.#host.tails.catchUp(ref);
			const run = this.#host.runs.run(ref);
			if (run.generation === generation) return;
			const detail = `The run is in generation ${run.generation} by now: it was restarted.`;
			throw new ProblemError('wrong-state', detail, { generation: run.generation });
		});
	}

	async #restart(ref: RunRef, from: Restart['from']): Promise<Run> {
		await this.#admit('restart', ref);
		await this.#host.tails.close(ref);
		const { generation } = this.#host.runs.run(ref);
		await this.#engineCall(ref, async () => {
			if (!from) return this.#host.sdk.restart(ref);
			await this.#host.engine.restartFrom(ref, from);
			await this.#host.sdk.refresh(ref);
		});
		this.#host.nextGeneration(ref, generation);
		this.#host.overtaken(ref);
		await this.#host.tails.catchUp(ref);
		return this.#host.runs.run(ref);
	}

	/**
	 * Sends an event to a run that waits for it. An event for an approval is refused: that is
	 * decided through its approval, so that it is decided once and on record. One that may have been
	 * sent before, at `triedAt`, is sent again only if a wait for it has been open since.
	 * @throws ProblemError `unknown-run`, `not-waiting`, `wrong-state`
	 */
	sendEvent(ref: RunRef, event: EventInput, triedAt?: number): Promise<Run> {
		return this.#host.turns.take(ref, () => this.#sendEvent(ref, event, triedAt));
	}

	async #sendEvent(ref: RunRef, event: EventInput, triedAt: number | undefined): Promise<Run> {
		const { engine, runs, tails } = this.#host;
		await tails.catchUp(ref);
		const run = runs.run(ref);
		if (isApprovalWait({ name: '', eventType: event.type })) {
			throw new ProblemError(
				'wrong-state',
				`An event of type ${event.type} would decide an approval: ` +
					'use POST /api/v1/approvals/{id}/decision.'
			);
		}
		const waits = runs.get(ref)?.history.waits ?? [];
		if (triedAt !== undefined) {
			const isOpen = waits.some(
				({ eventType, since }) => eventType === event.type && since <= triedAt
			);
			if (!isOpen) return run;
			// A paused run keeps an event to itself: sent again, it would go to the next wait, too.
			if (run.status === 'paused') throw maybeSent(run);
		}
		if (!waits.some(({ eventType }) => eventType === event.type)) {
			const open = waits.map(({ eventType }) => eventType).join(', ');
			throw new ProblemError(
				'not-waiting',
				`The run is ${run.status} and does not wait for an event of type ${event.type}` +
					(open ? `; it waits for: ${open}.` : '.')
			);
		}
		await this.#engineCall(ref, () => engine.sendEvent(ref, event));
		await tails.catchUp(ref);
		return runs.run(ref);
	}

	/**
	 * Forgets ended runs: their records, events, approvals and the SDK's tracking rows. Answers with
	 * how many there were. @throws ProblemError `wrong-state` when one of them has not ended
	 */
	async forget(refs: RunRef[]): Promise<number> {
		const known = refs.filter((ref) => this.#host.runs.get(ref));
		for (const ref of known) {
			const { status } = this.#host.runs.run(ref);
			if (isEnded(status) || status === 'unknown') continue;
			throw new ProblemError('wrong-state', `${runKey(ref)} has not ended; terminate it first.`);
		}
		for (const ref of known) await this.#host.tails.close(ref);
		this.#host.storage.transactionSync(() => {
			for (const ref of known) {
				this.#host.approvals.forget(ref);
				this.#host.runs.forget(ref);
				this.#host.held.remove(ref);
				this.#host.trail.forget(ref);
			}
		});
		for (const ref of refs) this.#host.sdk.forget(ref);
		return known.length;
	}

	async #admit(action: RunAction, ref: RunRef): Promise<void> {
		this.#host.runs.run(ref);
		await this.#host.tails.catchUp(ref);
		const { status } = this.#host.runs.run(ref);
		if (admits(status, action)) return;
		throw new ProblemError('wrong-state', `The run is ${status}: it cannot ${action} now.`, {
			runStatus: status
		});
	}

	async #engineCall(ref: RunRef, call: () => Promise<void>): Promise<void> {
		try {
			await call();
		} catch (error) {
			await this.#host.tails.catchUp(ref);
			const detail = error instanceof Error ? error.message : String(error);
			throw new ProblemError('wrong-state', `The engine refused: ${detail}`);
		}
	}
}

function maybeSent({ status }: Run): ProblemError {
	const detail = `The run is ${status}: whether the event has arrived shows when it goes on.`;
	return new ProblemError('wrong-state', detail);
}
