// What the Operations agent and the Agents say to each other. It travels over Durable Object RPC,
// inside one Worker; the answers carry problems as data, since RPC keeps of an error only its
// message.
import type {
	AgentRef,
	Approval,
	ApprovalRecord,
	EventInput,
	Held,
	GateOpening,
	Json,
	JsonObject,
	ProgressPoint,
	Restart,
	Run,
	RunEvent,
	RunRecord,
	RunRef
} from '../../protocol';
import type { Actor, ApprovalAct } from '../monitor/approvals/approval-rules';

export type AgentCall =
	| {
			type: 'start';
			workflow: string;
			params: Json;
			id?: string | undefined;
			metadata?: JsonObject | undefined;
			startedBy: string;
	  }
	/** Begin to watch a run that the engine has and nobody tracks. */
	| { type: 'adopt'; ref: RunRef; by: string }
	| { type: 'pause' | 'resume'; ref: RunRef }
	| { type: 'terminate'; ref: RunRef; rollback?: boolean }
	/** With a generation: only if the run is still in that one. */
	| { type: 'restart'; ref: RunRef; from?: Restart['from']; generation?: number | undefined }
	/** Terminate or restart when `ms` have passed, unless it is undone. */
	| { type: 'hold'; ref: RunRef; command: HeldWish; ms: number }
	| { type: 'undo'; ref: RunRef; by: string }
	/** `triedAt`, Ms: it may have been sent then; it goes only to a wait that has been open since. */
	| { type: 'send-event'; ref: RunRef; event: EventInput; triedAt?: number | undefined }
	/** A workflow tells what a wait that it is about to begin is for. */
	| { type: 'open-gate'; opening: GateOpening }
	| { type: 'approval'; approvalId: string; act: ApprovalAct; by: Actor }
	| { type: 'forget'; refs: RunRef[] }
	| { type: 'run'; ref: RunRef }
	| { type: 'events'; ref: RunRef; after: number; generation?: number | undefined; limit: number }
	/** The same for a page that shows the run: with what is known beside its history. */
	| {
			type: 'show';
			ref: RunRef;
			after: number;
			/** Progress of before this time is known, Ms. */
			trailAfter: number;
			generation: number;
			limit: number;
	  }
	/** Read these runs now; keep their tails attached for so long, Ms. */
	| { type: 'look'; refs: RunRef[] | 'active'; keepMs: number }
	/** Which report was acknowledged last? */
	| { type: 'acknowledged' }
	/** Report everything again: the index has lost some of it. */
	| { type: 'report-all' };

/** The events of one generation, and whether the run has ended after them. */
export type RunEvents = { events: RunEvent[]; generation: number; done: boolean; run: Run };

/** A command that is to be held back. */
export type HeldWish = Pick<Held, 'action' | 'from' | 'rollback' | 'by'>;

/** What a page that shows a run is told besides. */
export type ShownRun = RunEvents & { held: Held | null; trail: ProgressPoint[] };

/** What each call answers. */
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
};

/** Something that an Agent did by itself and that belongs in the audit. */
export type Note = { id: number; at: number; action: string; target: string; detail: Json };

/** What an Agent reports to the Operations agent. Repeating a report does no harm. */
export type Report = {
	agent: AgentRef;
	/** Grows with every report of this Agent. */
	sequence: number;
	/** The last report that was acknowledged; 0 for none. */
	previous: number;
	runs: RunRecord[];
	approvals: ApprovalRecord[];
	notes: Note[];
};

/** `resend`: the index does not have what it once acknowledged, and wants everything again. */
export type Acknowledgement = { resend: boolean };
