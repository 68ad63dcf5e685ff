// Assembles the parts of the monitor, each after the parts that it uses. Every part receives the
// classes that it calls.
import type { Agent } from 'agents';
import type { Operations } from '../rpc/operations-client';
import { SubAgents } from '../rpc/sub-agents';
import { AlarmPlan } from './alarm-plan';
import { Alarms } from './alarms';
import { ApprovalFollower } from './approvals/approval-follower';
import { ApprovalStore } from './approvals/approval-store';
import { Decisions } from './approvals/decisions';
import { DecisionDelivery } from './approvals/delivery';
import { DueCommands } from './commands/due-commands';
import { PerRunQueue } from './commands/per-run-queue';
import { RunCommands, type AgentMethods } from './commands/run-commands';
import { RunControls } from './commands/run-controls';
import { RunIntake } from './commands/run-intake';
import { UndoableCommandStore } from './commands/undoable-command-store';
import { UndoWindow } from './commands/undo-window';
import { Engine } from './history/engine';
import { EventBuffer } from './history/event-buffer';
import { HistoryRecorder } from './history/history-recorder';
import { LocalEngine } from './history/local-engine';
import { OpenTails } from './history/open-tails';
import { ReconcileStore } from './history/sdk-reconcile-store';
import { SdkReconciler } from './history/sdk-reconciler';
import { SdkTracking, type SdkMethods } from './history/sdk-tracking';
import { Tails } from './history/tails';
import { Monitor } from './monitor';
import { Reporter } from './reporter';
import { SelfCheck } from './self-check';
import { AuditNotes } from './store/audit-notes';
import { Outbox } from './store/outbox';
import { ProgressHistory } from './store/progress-history';
import { ReadPlan } from './store/read-plan';
import { RenameStore } from './store/rename-store';
import { AgentRunStore } from './store/run-store';
import { WorkflowRename } from './workflow-rename';

/** What the monitor needs of the Agent that it observes. */
export type ObservedAgent = {
	ctx: DurableObjectState;
	env: object;
	/** The Agent itself; its address is known once it has started. */
	agent: AgentMethods & Pick<Agent, 'selfPath' | 'dynamicAgents'>;
	/** The prototype with the SDK's own methods, without the Agent's overrides. */
	sdkMethods: SdkMethods;
	operations: Operations;
};

export function composeMonitor({ ctx, env, agent, sdkMethods, operations }: ObservedAgent): {
	monitor: Monitor;
	alarms: Alarms;
	subAgents: SubAgents;
	runCommands: RunCommands;
} {
	const { storage } = ctx;
	const alarms = new Alarms();
	const engine = new Engine(env, ctx);
	const sdk = new SdkTracking(agent, sdkMethods, engine);

	const buffer = new EventBuffer();
	const openTails = new OpenTails();
	const outbox = new Outbox(storage.sql);
	const readPlan = new ReadPlan(storage.sql, outbox);
	const notes = new AuditNotes(storage.sql, outbox);
	const runs = new AgentRunStore(storage, outbox, buffer);
	const renames = new RenameStore(storage.sql, outbox);
	const progress = new ProgressHistory(storage.sql);
	const approvals = new ApprovalStore(storage, outbox, notes);
	const undoableCommands = new UndoableCommandStore(storage.sql);
	const reconcileStore = new ReconcileStore(storage.sql);

	const stores = { outbox, runs, approvals, undoableCommands, reconcileStore };
	const alarmPlan = new AlarmPlan({ ctx, alarms, engine, readPlan, openTails, ...stores });
	const reporter = new Reporter({
		...{ ctx, agent, operations, outbox, notes, runs, approvals, renames, alarmPlan },
		...{ buffer, openTails }
	});

	const reconciler = new SdkReconciler({
		...{ store: reconcileStore, runs, sdk, notes, reporter, alarmPlan }
	});
	const approvalFollower = new ApprovalFollower(approvals, notes);
	const recorder = new HistoryRecorder({
		...{ ctx, runs, approvalFollower, reconciler, reporter, buffer, openTails }
	});
	const localEngine = new LocalEngine({ env, storage, engine, runs });
	const tails = new Tails({
		...{ ctx, engine, runs, readPlan, openTails, recorder, localEngine, alarmPlan }
	});

	const queue = new PerRunQueue();
	const intake = new RunIntake({ agent, runs, engine, sdk, tails, notes, reporter });
	const undoWindow = new UndoWindow({
		...{ storage, store: undoableCommands, runs, tails, queue, notes, reporter }
	});
	const controls = new RunControls({
		...{ storage, engine, runs, approvals, tails, sdk, queue, undoableCommands, undoWindow },
		...{ progress, recorder }
	});
	const runCommands = new RunCommands({ agent, sdk, controls, runs, engine });
	const selfCheck = new SelfCheck({ outbox, runs, sdk, intake, tails, reporter });
	const dueCommands = new DueCommands({
		...{ store: undoableCommands, undoWindow, runCommands, runs, tails, reporter }
	});
	const delivery = new DecisionDelivery({ engine, runs, approvals, tails });
	const decisions = new Decisions({ approvals, tails, delivery, reporter, runs, notes });

	const workflowRename = new WorkflowRename({
		...{ storage, outbox, renames, notes, runs, tails, reporter }
	});
	const monitor = new Monitor({
		...{ ctx, alarmPlan, notes, reporter, progress, decisions, tails, localEngine, sdk, ...stores },
		...{ readPlan, selfCheck },
		...{ reconciler, intake, controls, undoWindow, dueCommands, workflowRename, renames }
	});
	alarms.setTarget(monitor);
	return { monitor, alarms, subAgents: new SubAgents(ctx, agent), runCommands };
}
