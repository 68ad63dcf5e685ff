// What can be asked of runs: found in the index, carried out by the Agent that has them.
import { camelCaseToKebabCase } from 'agents';
import {
	invalid,
	ProblemError,
	runKey,
	unknownRun,
	type Around,
	type AuditEntry,
	type Identity,
	type InputOf,
	type Run,
	type RunEvent,
	type RunRef,
	type WorkflowCatalogue
} from '../../../protocol';
import { agentErrorText } from '../../../messages/server/agent-errors';
import { runRequestsText } from '../../../messages/server/run-requests';
import { hopsOf } from '../../rpc/agent-address';
import type { AgentCall, UndoableCommandInput } from '../../rpc/agent-rpc';
import { forgetRuns, type AgentRpc } from '../../rpc/agent-client';
import type { Fleet } from '../fleet';
import type { ChangePublisher } from '../change-publisher';
import { runChange } from '../change-set';
import type { VisibleFleet } from '../visible-fleet';

/** So many runs can be pinned: each is looked up whenever one is stored. */
const MOST_PINS = 10_000;

export type RunRequestsParts = {
	fleet: Fleet;
	agents: AgentRpc;
	catalogue: WorkflowCatalogue;
	publisher: Pick<ChangePublisher, 'publishChanges'>;
};

export class RunRequests {
	readonly #parts: RunRequestsParts;

	constructor(parts: RunRequestsParts) {
		this.#parts = parts;
	}

	/** The whole run from its Agent; what the index has of it while the Agent is away. */
	async get(ref: RunRef): Promise<Run> {
		const path = this.#agentOf(ref);
		try {
			const { workflow, id } = ref;
			const call = { type: 'run', ref: { workflow, id } } as const;
			const { run } = await this.#parts.agents.callAgent<'run'>(path, call);
			const pinned = this.#parts.fleet.runs.pins.get(runKey(ref));
			return pinned ? { ...run, pinned } : run;
		} catch (error) {
			const indexed = this.#parts.fleet.runs.get(runKey(ref));
			const isAway = error instanceof ProblemError && error.problem.status === 503;
			if (indexed && (isAway || indexed.run.outcome === 'lost')) return indexed.run;
			throw error;
		}
	}

	/** How long runs like this one usually take, and similar runs. @throws ProblemError `unknown-run` */
	around({ workflow, id }: RunRef, seen: VisibleFleet): Around {
		this.#agentOf({ workflow, id });
		return seen.around({ workflow, id });
	}

	/** Who did what to a run, also to one that was deleted. @throws ProblemError `unknown-run` */
	audit({ workflow, id }: RunRef, seen: VisibleFleet): { entries: AuditEntry[] } {
		const key = runKey({ workflow, id });
		if (!this.#parts.fleet.runs.has(key) && !seen.sawRun(key)) throw unknownRun(key, null);
		return { entries: seen.auditOf({ workflow, id }) };
	}

	/** @throws ProblemError `unknown-workflow`, `invalid-params`, `invalid-input`, `id-taken` */
	async start(request: InputOf<'run.start'>, by: Identity): Promise<Run> {
		const { workflow, params, id } = request;
		const entry = this.#parts.catalogue.get(workflow);
		if (!entry || entry.startable === false) {
			const known = this.#parts.catalogue.list();
			const names = known.filter(({ startable }) => startable).map((info) => info.workflow);
			throw new ProblemError('unknown-workflow', runRequestsText.unknownWorkflow(workflow, names));
		}
		const checked = entry.params.safeParse(params);
		if (!checked.success) {
			throw Object.assign(new ProblemError('invalid-params', ''), {
				problem: invalid(checked.error, 'invalid-params', 'params')
			});
		}
		const path = request.agent ?? entry.agent;
		if (hopsOf(path).at(-1)?.kebab !== camelCaseToKebabCase(entry.agentClass)) {
			throw new ProblemError(
				'invalid-input',
				runRequestsText.wrongAgentClass(workflow, entry.agentClass, entry.agent)
			);
		}
		if (id !== undefined && this.#parts.fleet.runs.has(runKey({ workflow, id }))) {
			throw new ProblemError('id-taken', agentErrorText.idTaken(runKey({ workflow, id })));
		}
		const metadata = { ...entry.metadata?.(checked.data), ...request.metadata };
		return this.#parts.agents.callAgent<'start'>(path, {
			type: 'start',
			workflow,
			params,
			id,
			metadata,
			startedBy: by.name,
			startedBySubject: by.subject
		});
	}

	/** @throws ProblemError `unknown-workflow`, `unknown-run` */
	async adopt(request: InputOf<'run.adopt'>, by: Identity): Promise<Run> {
		const { workflow, id, agent } = request;
		const path = agent ?? this.#parts.catalogue.get(workflow)?.agent;
		if (path === undefined) {
			throw new ProblemError('unknown-workflow', runRequestsText.unknownAdoptWorkflow(workflow));
		}
		const owner = this.#parts.fleet.runs.get(runKey({ workflow, id }))?.run.agent.path;
		if (owner !== undefined && owner !== path) {
			throw new ProblemError(
				'wrong-state',
				agentErrorText.ownedByOther(runKey({ workflow, id }), owner)
			);
		}
		const call: AgentCall = { type: 'adopt', ref: { workflow, id }, by: by.name };
		return this.#parts.agents.callAgent<'adopt'>(path, call);
	}

	async events(request: InputOf<'run.events'>): Promise<{ events: RunEvent[]; done: boolean }> {
		const { workflow, id, after, generation, limit } = request;
		const ref = { workflow, id };
		try {
			const { events, done } = await this.#parts.agents.callAgent<'events'>(this.#agentOf(ref), {
				...{ type: 'events', ref, after, generation, limit }
			});
			return { events, done };
		} catch (error) {
			if (this.#parts.fleet.runs.get(runKey(ref))?.run.outcome !== 'lost') throw error;
			return { events: [], done: true }; // the history went with its Agent
		}
	}

	/** @throws ProblemError `unknown-run`, `wrong-state` */
	async control(action: 'pause' | 'resume', { workflow, id }: RunRef): Promise<Run> {
		const ref = { workflow, id };
		return this.#parts.agents.callAgent<typeof action>(this.#agentOf(ref), { type: action, ref });
	}

	/** @throws ProblemError `unknown-run`, `wrong-state` */
	async terminate(request: InputOf<'run.terminate'>, by: Identity): Promise<Run> {
		const { workflow, id, rollback = false, undoMs } = request;
		const ref = { workflow, id };
		if (undoMs) {
			return this.#scheduleUndoable(
				ref,
				{ action: 'terminate', from: null, rollback, by: by.name },
				undoMs
			);
		}
		const call = { type: 'terminate', ref, rollback } as const;
		return this.#parts.agents.callAgent<'terminate'>(this.#agentOf(ref), call);
	}

	/**
	 * Restarts a run, unless it is in another generation than the one that is meant.
	 * @throws ProblemError `unknown-run`, `wrong-state`
	 */
	async restart(
		request: InputOf<'run.restart'>,
		by: Identity,
		{ generation }: { generation?: number } = {}
	): Promise<Run> {
		const { workflow, id, from, undoMs } = request;
		const ref = { workflow, id };
		if (undoMs) {
			const command = {
				action: 'restart',
				from: from ?? null,
				rollback: false,
				by: by.name
			} as const;
			return this.#scheduleUndoable(ref, command, undoMs);
		}
		const call: AgentCall = { type: 'restart', ref, from, generation };
		return this.#parts.agents.callAgent<'restart'>(this.#agentOf(ref), call);
	}

	/** Undoes a command that was not carried out yet. @throws ProblemError `unknown-run`, `wrong-state` */
	async undo({ workflow, id }: RunRef, by: Identity): Promise<Run> {
		const ref = { workflow, id };
		const call = { type: 'undo', ref, by: by.name } as const;
		return this.#parts.agents.callAgent<'undo'>(this.#agentOf(ref), call);
	}

	/**
	 * Sends an event. With `triedAt`, when it may have been sent before (Ms), it goes only to a wait
	 * that has been open since.
	 * @throws ProblemError `unknown-run`, `not-waiting`, `wrong-state`
	 */
	async sendEvent(
		{ workflow, id, event }: InputOf<'run.send-event'>,
		{ triedAt }: { triedAt?: number } = {}
	): Promise<Run> {
		const ref = { workflow, id };
		const call: AgentCall = { type: 'send-event', ref, event, triedAt };
		return this.#parts.agents.callAgent<'send-event'>(this.#agentOf(ref), call);
	}

	/** Deletes the record of an ended run. @throws ProblemError `wrong-state` */
	async delete(ref: RunRef, by: Identity): Promise<{ deleted: true }> {
		const { workflow, id } = ref;
		const path = this.#agentOf(ref);
		const pinned = this.#parts.fleet.runs.pins.get(runKey(ref));
		if (pinned)
			throw new ProblemError('wrong-state', runRequestsText.pinned(pinned.by), { pinned });
		await forgetRuns(this.#parts.agents, path, [{ workflow, id }]);
		const removal = { by: by.name, at: Date.now() };
		this.#parts.publisher.publishChanges(this.#parts.fleet.remove([{ workflow, id }], removal));
		return { deleted: true };
	}

	/** Pins a run, so that nothing deletes it, or unpins it. @throws ProblemError `unknown-run`, `wrong-state` */
	pin({ workflow, id, pinned }: InputOf<'run.pin'>, by: Identity): Run {
		const { fleet, publisher } = this.#parts;
		const key = runKey({ workflow, id });
		this.#agentOf({ workflow, id });
		const known = fleet.runs.pins.get(key);
		if (pinned && !known && fleet.runs.pins.count >= MOST_PINS) {
			const most = MOST_PINS.toLocaleString('en');
			throw new ProblemError('wrong-state', runRequestsText.tooManyPins(most));
		}
		if (pinned !== (known !== null)) {
			fleet.runs.pin(key, pinned ? { by: by.name, at: Date.now() } : null);
			publisher.publishChanges(runChange({ workflow, id }));
		}
		const record = fleet.runs.get(key);
		if (!record) throw unknownRun(key, null);
		return record.run;
	}

	#scheduleUndoable(ref: RunRef, command: UndoableCommandInput, ms: number): Promise<Run> {
		return this.#parts.agents.callAgent<'hold'>(this.#agentOf(ref), {
			type: 'hold',
			ref,
			command,
			ms
		});
	}

	#agentOf(ref: RunRef): string {
		const key = runKey(ref);
		const record = this.#parts.fleet.runs.get(key);
		if (record) return record.run.agent.path;
		throw unknownRun(key, this.#parts.fleet.runs.tombstone(key));
	}
}
