// Texts of the Agent side: why a command, a decision or a call was refused, and the reasons that the
// audit log gives for what an Agent did by itself.
import { translated } from '../locale';

/** What each command does to a run, after "it cannot be". */
const participles: Record<string, string> = {
	pause: 'paused',
	resume: 'resumed',
	terminate: 'terminated',
	restart: 'restarted',
	delete: 'deleted'
};

const en = {
	unknownBinding: (workflow: string) => `Workflow binding ${workflow} was not found.`,
	missingBinding: (workflow: string) =>
		`The Worker has no workflow binding ${workflow}. If it was renamed, call migrateWorkflowBinding('${workflow}', '<new name>') in the Agent.`,
	unknownRun: (key: string) => `Run ${key} was not found.`,
	unknownRunInAgent: (id: string) => `This Agent has no run ${id}.`,
	unknownInstance: (key: string) => `The Workflows engine has no instance ${key}.`,
	unknownApproval: (id: string) => `Approval ${id} was not found.`,
	unknownAgentClass: (name: string, known: readonly string[]) =>
		`Agent class ${name} was not found. Known classes: ${known.join(', ')}.`,
	unknownExportedClass: (name: string) =>
		`Agent class ${name} was not found among the exports of the Worker.`,
	noAnswer: (path: string, seconds: number) => `Agent ${path} did not respond within ${seconds} s.`,
	agentUnavailable: (path: string, error: string) => `Agent ${path} did not respond: ${error}`,

	agentDeleted: (path: string) =>
		`Agent ${path} was deleted, and the histories of its runs with it.`,
	runGoneFromAgent: (path: string) => `Agent ${path} no longer has this run, nor its history.`,
	ownedByOther: (key: string, owner: string) =>
		`Run ${key} belongs to Agent ${owner}. Only runs without an Agent can be adopted.`,
	idTaken: (key: string) => `Run ${key} already exists.`,
	invalidId: (problem: string) => `id ${problem}`,
	actionNotAllowed: (status: string, action: string) =>
		`The run is ${status}, so it cannot be ${participles[action] ?? action}.`,
	otherGeneration: (generation: number) =>
		`The run was restarted and is now in generation ${generation}.`,
	notEnded: (key: string) => `Run ${key} has not ended. Terminate it before you delete it.`,
	engineRefused: (error: string) => `The Workflows engine refused the command: ${error}`,

	eventDecidesApproval: (type: string) =>
		`Events of type ${type} decide an approval. Use POST /api/v1/approvals/{id}/decision instead.`,
	notWaitingForEvent: (status: string, type: string, open: readonly string[]) =>
		`The run is ${status} and is not waiting for an event of type ${type}.` +
		(open.length > 0 ? ` It is waiting for: ${open.join(', ')}.` : ''),
	eventMaybeSent: (status: string) =>
		`The run is ${status}, so Signalbox cannot tell whether the event arrived. Resume the run first.`,

	otherCommandPending: (by: string, action: string) =>
		`${by} already asked to ${action} this run. Undo that command first.`,
	undoTooLate: (action: string) => `The ${action} has already started and cannot be undone.`,
	nothingToUndo: 'This run has no command that can be undone.',
	droppedForOtherCommand: 'Another command was carried out first.',
	droppedForOtherGeneration: (generation: number) =>
		`The command was meant for generation ${generation} of the run.`,

	notWaitingForApproval: (key: string) => `Run ${key} is not waiting for an approval.`,
	approvalTitle: (workflow: string, id: string) => `${workflow} ${id} is waiting for approval`,
	rejectedByAgent: 'Rejected by the Agent',
	noDecisionInTime: 'No decision was made in time.',
	noDecisionUntil: (at: string) => `No decision was made by ${at}.`,
	dataTooLarge: (bytes: string) => `data must not exceed ${bytes} bytes of JSON.`,
	noDecisionToUndo: (status: string) => `The approval is ${status}, so no decision can be undone.`,
	noDecisionPending: 'No decision is waiting to be delivered.',
	notClaimed: 'Nobody has claimed this approval.',
	claimedByOther: (name: string) =>
		`${name} has claimed this approval. Only they or an admin can release it or hand it over.`,
	noOwnDecision: (name: string) => `${name} has not decided on this approval.`,
	decidedByDeadline: (status: string) =>
		`The deadline passed and the approval was ${status} automatically.`,
	alreadyDecided: (status: string, by: string, at: string) =>
		`Already ${status} by ${by} at ${at}.`,
	decidedOutside: 'Already decided by an event from outside Signalbox.',
	approvalExpired: 'The deadline has passed. The run no longer waits for this decision.',
	approvalCancelled: 'The run ended or was restarted. It no longer waits for this decision.',

	frameTooLarge: (bytes: number) =>
		`The frame is too large: at most ${bytes.toLocaleString('en')} bytes.`,
	unknownMethod: (name: string) => `Method ${name} does not exist or is not callable.`,
	rateLimited: (seconds: number) =>
		`Too many requests. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
	malformedJson: 'The request body is not valid JSON.',
	streamNotRead: 'The stream was cut off: nothing of it was read.',
	unauthenticated: 'The caller is not authenticated.'
};

export const agentErrorText = translated({ en });
