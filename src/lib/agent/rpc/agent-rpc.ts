// The calls between the Operations agent and the Agents, over Durable Object RPC. Answers carry
// problems as data, since RPC keeps only the message of an error. Agents of other versions send and
// receive these values: the names of calls and fields stay, even where other words are used today.
import type {
	AgentRef,
	Approval,
	ApprovalRecord,
	AuditEntry,
	DecisionInput,
	DecisionOrigin,
	EventInput,
	GateOpening,
	Json,
	JsonObject,
	Person,
	ProgressPoint,
	Restart,
	Run,
	RunEvent,
	RunRecord,
	RunRef,
	UndoableCommand
} from '../../protocol';

/** Who acts, and from where. */
export type Actor = Person & { from: DecisionOrigin };

/** What somebody does to an approval. */
export type ApprovalAction =
	/** `payload` is sent as it is to a wait without a gate: that of an Agent's own call. */
	| { type: 'decide'; decision: DecisionInput; payload?: Json }
	| { type: 'undo' | 'deliver-now' | 'claim' | 'release' }
	| { type: 'hand-over'; to: string };

export type AgentCall =
	| {
			type: 'start';
			workflow: string;
			params: Json;
			id?: string | undefined;
			metadata?: JsonObject | undefined;
			startedBy: string;
			startedBySubject?: string | undefined;
	  }
	/** Starts to monitor a run that was created outside its Agent. */
	| { type: 'adopt'; ref: RunRef; by: string }
	| { type: 'pause' | 'resume'; ref: RunRef }
	| { type: 'terminate'; ref: RunRef; rollback?: boolean }
	/** With a generation, the run restarts only if it is still in that one. */
	| { type: 'restart'; ref: RunRef; from?: Restart['from']; generation?: number | undefined }
	/** Terminates or restarts the run after `ms`, unless the command is undone. */
	| { type: 'hold'; ref: RunRef; command: UndoableCommandInput; ms: number }
	| { type: 'undo'; ref: RunRef; by: string }
	/** `triedAt`, Ms: it may have been sent then, so it goes only to a wait that was open already. */
	| { type: 'send-event'; ref: RunRef; event: EventInput; triedAt?: number | undefined }
	/** A workflow describes the approval that it is about to wait for. */
	| { type: 'open-gate'; opening: GateOpening }
	| { type: 'approval'; approvalId: string; act: ApprovalAction; by: Actor }
	/** Deletes ended runs. */
	| { type: 'forget'; refs: RunRef[] }
	| { type: 'run'; ref: RunRef }
	| { type: 'events'; ref: RunRef; after: number; generation?: number | undefined; limit: number }
	/** Events, progress and undoable command, for a page that shows the run. */
	| {
			type: 'show';
			ref: RunRef;
			after: number;
			/** Only progress after this time, Ms. */
			trailAfter: number;
			generation: number;
			limit: number;
	  }
	/** Reads these runs now and keeps their tails open for `keepMs`. */
	| { type: 'look'; refs: RunRef[] | 'active'; keepMs: number }
	/** Asks for the number of the last acknowledged report. */
	| { type: 'acknowledged' }
	/** Reports everything again: the index has lost some of it. */
	| { type: 'report-all' }
	/** Moves the runs of a workflow binding that was renamed. Safe to repeat. */
	| { type: 'migrate-binding'; from: string; to: string }
	/** Asks what is wrong here. */
	| { type: 'check' }
	/** Monitors the runs that only the SDK tracks. */
	| { type: 'track-runs' };

/** One call, by its type. */
export type AgentCallOf<T extends AgentCall['type']> = Extract<AgentCall, { type: T }>;

/** Events of one generation; `done` when no more will follow. */
export type RunEvents = { events: RunEvent[]; generation: number; done: boolean; run: Run };

/** A command that can be undone before it is carried out. */
export type UndoableCommandInput = Pick<UndoableCommand, 'action' | 'from' | 'rollback' | 'by'>;

/** The answer to `show`. */
export type ShownRun = RunEvents & { held: UndoableCommand | null; trail: ProgressPoint[] };

/** What an Agent says of its own state. `oldestAt`: since when something is unsent, Ms. */
export type AgentCheck = { unsent: number; oldestAt: number | null; untracked: RunRef[] };

/** The answer to each call. */
export type AgentAnswers = {
	start: Run;
	adopt: Run;
	pause: Run;
	resume: Run;
	terminate: Run;
	restart: Run;
	hold: Run;
	undo: Run;
	'send-event': Run;
	'open-gate': null;
	approval: Approval;
	forget: { forgotten: number };
	run: RunRecord;
	events: RunEvents;
	show: ShownRun;
	look: { looked: number };
	acknowledged: { sequence: number };
	'report-all': { runs: number };
	/** How many moved; `kept` exist under both names. */
	'migrate-binding': { moved: number; kept: number };
	check: AgentCheck;
	'track-runs': { runs: number };
};

/** What the audit says of something that a person did at an Agent. */
export type NotedEntry = Pick<
	AuditEntry,
	'by' | 'subject' | 'from' | 'result' | 'before' | 'after'
>;

/** An entry for the audit log about what an Agent did by itself, or a person at it. */
export type AuditNote = {
	id: number;
	at: number;
	action: string;
	target: string;
	detail: Json;
	entry?: NotedEntry;
};

/** What an Agent reports to the Operations agent. Safe to repeat. */
export type Report = {
	agent: AgentRef;
	/** Grows with every report of this Agent. */
	sequence: number;
	/** The number of the last acknowledged report; 0 for none. */
	previous: number;
	runs: RunRecord[];
	approvals: ApprovalRecord[];
	notes: AuditNote[];
	/** Sub-agents that this Agent has deleted, and when. Earlier versions leave it out. */
	deletedAgents?: { path: string; at: number }[];
	/** Runs whose workflow binding was renamed to `to`. Earlier versions leave it out. */
	movedRuns?: { ref: RunRef; to: string }[];
};

/**
 * `resend`: the index has lost what it once acknowledged and needs everything again. `watched`:
 * somebody looks at lists, so changes must not wait; earlier versions leave it out.
 */
export type Acknowledgement = { resend: boolean; watched?: boolean };
