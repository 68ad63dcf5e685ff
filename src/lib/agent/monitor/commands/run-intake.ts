// How the monitor gets to know runs: recorded before the engine is asked to start them, found again
// after a crash in between, and adopted when they were started outside the Agent.
import { camelCaseToKebabCase } from 'agents';
import {
	fitMetadata,
	ProblemError,
	runIdSchema,
	runKey,
	toJson,
	type Json,
	type JsonObject,
	type RunRef
} from '../../../protocol';
import { agentErrorText } from '../../../messages/server/agent-errors';
import { agentRefOf, type AgentHop } from '../../rpc/agent-address';
import { workerCatalogue } from '../../worker-catalogue';
import { InstanceNotFoundError, type Engine } from '../history/engine';
import type { SdkTracking } from '../history/sdk-tracking';
import type { Tails } from '../history/tails';
import type { Reporter } from '../reporter';
import type { AuditNotes } from '../store/audit-notes';
import type { AgentRunStore } from '../store/run-store';

/** A run that is about to be started. */
export type IntendedRun = {
	ref: RunRef;
	params: Json;
	metadata: JsonObject;
	parent: RunRef | null;
	startedBy: string | null;
	startedBySubject?: string | undefined;
};

export type RunIntakeParts = {
	agent: { readonly selfPath: readonly AgentHop[] };
	runs: AgentRunStore;
	engine: Engine;
	sdk: SdkTracking;
	tails: Tails;
	notes: AuditNotes;
	reporter: Reporter;
};

export class RunIntake {
	readonly #parts: RunIntakeParts;

	constructor(parts: RunIntakeParts) {
		this.#parts = parts;
	}

	/**
	 * Records a run before it is started: if the Agent dies between the engine's `create` and its
	 * answer, the run is found nevertheless.
	 * @throws ProblemError `unknown-workflow`, `id-taken`, `invalid-input`
	 */
	recordIntendedRun(run: IntendedRun): void {
		const { engine, runs, sdk } = this.#parts;
		const { workflow, id } = run.ref;
		if (!engine.hasWorkflow(workflow)) {
			throw new ProblemError('unknown-workflow', agentErrorText.unknownBinding(workflow));
		}
		const checkedId = runIdSchema.safeParse(id);
		if (!checkedId.success) {
			const problem = checkedId.error.issues[0]?.message ?? '';
			throw new ProblemError('invalid-input', agentErrorText.invalidId(problem));
		}
		if (runs.hasRun(run.ref) || sdk.isIdTaken(id)) throw idTaken(run.ref);
		this.#addRun(run, Date.now());
	}

	/** The engine created the run: from now on its history is read. */
	recordStartedRun(ref: RunRef): void {
		this.#parts.tails.attachRun(ref);
		this.#parts.reporter.reportSoon();
	}

	/**
	 * The engine refused to create the run, or did not answer. Deletes the run if the engine has no
	 * such instance, or has an older one under this id. Always throws.
	 */
	async recordFailedStart(ref: RunRef, error: unknown): Promise<never> {
		const { runs, engine } = this.#parts;
		if (error instanceof Error && /already.exists/i.test(error.message)) {
			runs.deleteRun(ref);
			throw idTaken(ref);
		}
		try {
			await engine.getInstance(ref);
			this.recordStartedRun(ref);
		} catch (reason) {
			if (reason instanceof InstanceNotFoundError) runs.deleteRun(ref);
		}
		throw error;
	}

	/**
	 * Starts to monitor a run that was created outside the Agent. Does nothing if it is known.
	 * @throws ProblemError `unknown-run` when the engine has no such instance, `wrong-state` when
	 * another Agent started it
	 */
	async adoptRun(ref: RunRef, by: string): Promise<void> {
		const { runs, engine, notes, tails } = this.#parts;
		if (runs.hasRun(ref)) return;
		try {
			await engine.getInstance(ref);
		} catch (error) {
			if (!(error instanceof InstanceNotFoundError)) throw error;
			throw new ProblemError('unknown-run', agentErrorText.unknownInstance(runKey(ref)));
		}
		await this.#requireNoOtherOwner(ref);
		this.recordUnknownRun(ref);
		notes.addNote('run.adopt', runKey(ref), { by });
		await tails.catchUpRun(ref);
	}

	async #requireNoOtherOwner(ref: RunRef): Promise<void> {
		const starter = await this.#parts.engine.findStarter(ref);
		if (starter === null) return;
		const { selfPath } = this.#parts.agent;
		const [root, leaf] = [selfPath[0], selfPath.at(-1)];
		const isOwn =
			leaf?.name === starter.name &&
			camelCaseToKebabCase(starter.binding) === camelCaseToKebabCase(root?.className ?? '');
		if (isOwn) return;
		const owner = `${camelCaseToKebabCase(starter.binding)}/${starter.name}`;
		throw new ProblemError('wrong-state', agentErrorText.ownedByOther(runKey(ref), owner));
	}

	/** Records a run that was started before, outside or without the monitor, unless it is known. */
	recordUnknownRun(ref: RunRef): void {
		const { runs, sdk } = this.#parts;
		if (runs.hasRun(ref)) return;
		const row = sdk.findRow(ref);
		const metadata = toJson(row?.metadata ?? {});
		const isObject = typeof metadata === 'object' && metadata && !Array.isArray(metadata);
		this.#addRun(
			{ ref, params: null, metadata: isObject ? metadata : {}, parent: null, startedBy: null },
			row?.createdAt.getTime() ?? Date.now()
		);
	}

	#addRun(intended: IntendedRun, createdAt: number): void {
		const { ref, params, metadata, parent, startedBy, startedBySubject } = intended;
		const { runs, agent } = this.#parts;
		const now = Date.now();
		const approvalEvents = workerCatalogue.get().get(ref.workflow)?.approvalEvents ?? [];
		const facts = {
			...{ ref, generation: 1, agent: agentRefOf(agent.selfPath), parent, params },
			metadata: fitMetadata(metadata),
			...(startedBySubject ? { startedBySubject } : {}),
			...(approvalEvents.length > 0 ? { approvalEvents: [...approvalEvents] } : {}),
			...{ progress: null, startedBy, createdAt, touchedAt: now, lost: false }
		};
		runs.addRun(facts);
	}
}

function idTaken(ref: RunRef): ProblemError {
	return new ProblemError('id-taken', agentErrorText.idTaken(runKey(ref)));
}
