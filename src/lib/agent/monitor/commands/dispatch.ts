import type { AgentAnswers, AgentCall } from '../../rpc/agent-rpc';
import type { SubAgents } from '../../rpc/sub-agents';
import type { Monitor } from '../monitor';
import type { RunCommands } from './run-commands';

/** Calls whose answer waits until everything is reported that it says: lists say the same then. */
export const AWAITS_REPORT: Record<AgentCall['type'], boolean> = {
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
	run: true,
	events: false,
	show: false,
	look: false,
	acknowledged: false,
	'report-all': false,
	'migrate-binding': true,
	check: false,
	'track-runs': true
};

export type DispatchParts = { monitor: Monitor; runCommands: RunCommands; subAgents: SubAgents };

/** Carries out a call of the Operations agent. @throws ProblemError why it was refused */
export async function dispatchCall(
	call: AgentCall,
	{ monitor, runCommands, subAgents }: DispatchParts
): Promise<AgentAnswers[AgentCall['type']]> {
	switch (call.type) {
		case 'migrate-binding':
			return runCommands.migrateBinding(call);
		case 'check':
			return monitor.selfCheck.checkAgent();
		case 'track-runs':
			return { runs: monitor.selfCheck.trackRuns() };
		case 'start':
			return runCommands.startRun(call);
		case 'adopt':
			await monitor.intake.adoptRun(call.ref, call.by);
			return monitor.runs.getRun(call.ref);
		case 'pause':
		case 'resume':
		case 'terminate':
			return runCommands.controlRun(call);
		case 'restart':
			return runCommands.restartRun(call);
		case 'hold':
			return monitor.undoWindow.holdCommand(call.ref, call.command, call.ms);
		case 'undo':
			return monitor.undoWindow.undoCommand(call.ref, call.by);
		case 'send-event':
			return monitor.controls.sendEventToRun(call.ref, call.event, call.triedAt);
		case 'open-gate':
			monitor.openGate(call.opening);
			return null;
		case 'approval':
			return monitor.decisions.actOnApproval(call.approvalId, call.act, call.by);
		case 'forget':
			return { forgotten: await monitor.controls.deleteRuns(call.refs) };
		case 'run':
			return monitor.runs.getRecord(call.ref);
		case 'events':
			return monitor.readEvents(call.ref, call.after, call.limit, call.generation);
		case 'show':
			return monitor.readRunForPage(call);
		case 'look':
			return { looked: monitor.watchRuns(call.refs, call.keepMs) };
		case 'acknowledged':
			return { sequence: monitor.reporter.acknowledgedReport() };
		case 'report-all':
			return { runs: monitor.reportEverything() + (await subAgents.reportEverythingBelow()) };
	}
}
