import type { Agent } from 'agents';
import { ProblemError, type Run } from '../../../protocol';
import { agentErrorText } from '../../../messages/server/agent-errors';
import type { MonitoredAgent } from '../../monitored-types';
import type { AgentCallOf } from '../../rpc/agent-rpc';
import type { Engine } from '../history/engine';
import type { SdkTracking } from '../history/sdk-tracking';
import type { AgentRunStore } from '../store/run-store';
import type { RunControls } from './run-controls';

/** The Agent's own methods for runs, which a subclass may override. */
export type AgentMethods = Pick<MonitoredAgent, 'runWorkflow'> &
	Pick<
		Agent,
		| 'pauseWorkflow'
		| 'resumeWorkflow'
		| 'terminateWorkflow'
		| 'restartWorkflow'
		| 'migrateWorkflowBinding'
	>;

export type RunCommandsParts = {
	agent: AgentMethods;
	sdk: SdkTracking;
	controls: RunControls;
	runs: AgentRunStore;
	engine: Pick<Engine, 'hasWorkflow'>;
};

/**
 * Carries out commands of the Operations agent. Where the SDK tracks the run, it calls the Agent's own
 * method, so that overrides take part.
 */
export class RunCommands {
	readonly #parts: RunCommandsParts;

	constructor(parts: RunCommandsParts) {
		this.#parts = parts;
	}

	/** @throws ProblemError `unknown-workflow`, `id-taken`, `invalid-input` */
	async startRun(call: AgentCallOf<'start'>): Promise<Run> {
		const { workflow, params, id, metadata, startedBy, startedBySubject } = call;
		const started = await this.#parts.agent.runWorkflow(workflow, params, {
			startedBy,
			startedBySubject,
			...(id === undefined ? {} : { id }),
			...(metadata === undefined ? {} : { metadata })
		});
		return this.#parts.runs.getRun({ workflow, id: started });
	}

	/** @throws ProblemError `unknown-run`, `wrong-state` */
	async controlRun(call: AgentCallOf<'pause' | 'resume' | 'terminate'>): Promise<Run> {
		const { agent, sdk, controls, runs } = this.#parts;
		if (call.type === 'terminate' && call.rollback) return controls.rollBackRun(call.ref);
		if (!sdk.findRow(call.ref)) return controls.controlRun(call.type, call.ref);
		await agent[`${call.type}Workflow`](call.ref.id);
		return runs.getRun(call.ref);
	}

	/** Moves runs to a binding's present name. @throws ProblemError `unknown-workflow` */
	migrateBinding({ from, to }: AgentCallOf<'migrate-binding'>): { moved: number; kept: number } {
		const { agent, runs, engine } = this.#parts;
		if (!engine.hasWorkflow(to)) {
			throw new ProblemError('unknown-workflow', agentErrorText.unknownBinding(to));
		}
		const before = runs.countRuns(from);
		agent.migrateWorkflowBinding(from, to);
		const kept = runs.countRuns(from);
		return { moved: before - kept, kept };
	}

	/** @throws ProblemError `unknown-run`, `wrong-state` */
	async restartRun(call: AgentCallOf<'restart'>): Promise<Run> {
		const { agent, sdk, controls, runs } = this.#parts;
		const { ref, from, generation } = call;
		if (generation !== undefined) await controls.requireGeneration(ref, generation);
		if (from || !sdk.findRow(ref)) return controls.restartRun(ref, from);
		await agent.restartWorkflow(ref.id);
		return runs.getRun(ref);
	}
}
