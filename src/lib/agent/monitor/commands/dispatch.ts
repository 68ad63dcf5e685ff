import type { Agent } from 'agents';
import type { Run } from '../../../protocol';
import type { AgentAnswers, AgentCall } from '../../rpc/agent-rpc';
import type { Monitor } from '../monitor';

/** The Agent's own verbs: a subclass may have something to say when one is called. */
export type Verbs = Pick<
	Agent,
	'pauseWorkflow' | 'resumeWorkflow' | 'terminateWorkflow' | 'restartWorkflow'
> & {
	start: (call: Extract<AgentCall, { type: 'start' }>) => Promise<Run>;
	/** Has the sub-agents report everything; answers with the number of their runs. */
	reportAllBelow: () => Promise<number>;
};

/** Calls after which there is something to report, so that whoever asked finds it in the index. */
export const CHANGES: Record<AgentCall['type'], boolean> = {
	start: true,
	adopt: true,
	pause: true,
	resume: true,
	terminate: true,
	restart: true,
	hold: true,
	undo: true,
	'send-event': true,
	'open-gate': false,
	approval: true,
	forget: false,
	run: false,
	events: false,
	show: false,
	look: false,
	acknowledged: false,
	'report-all': false
};

/** Carries out a call of the Operations agent. @throws ProblemError what is wrong with it */
export async function perform(
	call: AgentCall,
	monitor: Monitor,
	verbs: Verbs
): Promise<AgentAnswers[AgentCall['type']]> {
	switch (call.type) {
		case 'start':
			return verbs.start(call);
		case 'adopt':
			await monitor.adopt(call.ref, call.by);
			return monitor.runs.run(call.ref);
		case 'pause':
		case 'resume':
		case 'terminate':
			if (call.type === 'terminate' && call.rollback) return monitor.controls.rollBack(call.ref);
			if (monitor.sdk.row(call.ref)) await verbs[`${call.type}Workflow`](call.ref.id);
			else await monitor.controls.control(call.type, call.ref);
			return monitor.runs.run(call.ref);
		case 'restart':
			if (call.generation !== undefined) await monitor.controls.expect(call.ref, call.generation);
			if (call.from || !monitor.sdk.row(call.ref)) {
				return monitor.controls.restart(call.ref, call.from);
			}
			await verbs.restartWorkflow(call.ref.id);
			return monitor.runs.run(call.ref);
		case 'hold':
			return monitor.undoWindow.hold(call.ref, call.command, call.ms);
		case 'undo':
			return monitor.undoWindow.undo(call.ref, call.by);
		case 'send-event':
			return monitor.controls.sendEvent(call.ref, call.event, call.triedAt);
		case 'open-gate':
			monitor.openGate(call.opening);
			return null;
		case 'approval':
			return monitor.decisions.act(call.approvalId, call.act, call.by);
		case 'forget':
			return { forgotten: await monitor.controls.forget(call.refs) };
		case 'run':
			return monitor.runs.recordOrRefuse(call.ref);
		case 'events':
			return monitor.events(call.ref, call.after, call.limit, call.generation);
		case 'show':
			return monitor.show(call);
		case 'look':
			return { looked: monitor.look(call.refs, call.keepMs) };
		case 'acknowledged':
			return { sequence: monitor.acknowledged() };
		case 'report-all':
			return { runs: monitor.reportAll() + (await verbs.reportAllBelow()) };
	}
}
