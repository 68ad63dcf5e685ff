// What the Operations agent asks of an Agent. It travels over Durable Object RPC, inside one
// Worker; the answers carry problems as data, since RPC keeps of an error only its message.
import type {
	Approval,
	ApprovalRecord,
	DecisionInput,
	EventInput,
	Json,
	JsonObject,
	Restart,
	Run,
	RunEvent,
	RunRecord,
	RunRef
} from '../../protocol';

export type AgentCall =
	| {
			type: 'start';
			workflow: string;
			params: Json;
			id?: string | undefined;
			metadata?: JsonObject | undefined;
			startedBy: string;
	  }
	| { type: 'pause' | 'resume' | 'terminate'; ref: RunRef }
	| { type: 'restart'; ref: RunRef; from?: Restart['from'] }
	| { type: 'send-event'; ref: RunRef; event: EventInput }
	| { type: 'decide'; approvalId: string; decision: DecisionInput; by: string }
	| { type: 'forget'; refs: RunRef[] }
	| { type: 'run'; ref: RunRef }
	| { type: 'events'; ref: RunRef; after: number; generation?: number | undefined; limit: number }
	/** Read these runs now; keep their tails attached for so long, Ms. */
	| { type: 'look'; refs: RunRef[] | 'active'; keepMs: number };

/** The events of one generation, and whether the run has ended after them. */
export type RunEvents = { events: RunEvent[]; generation: number; done: boolean; run: Run };

/** What each call answers. */
export type AgentAnswers = {
	start: Run;
	pause: Run;
	resume: Run;
	terminate: Run;
	restart: Run;
	'send-event': Run;
	decide: Approval;
	forget: { forgotten: number };
	run: RunRecord;
	events: RunEvents;
	look: { looked: number };
};

/** What an Agent reports to the Operations agent. Repeating a report does no harm. */
export type Report = {
	agent: { class: string; name: string; path: string };
	runs: RunRecord[];
	approvals: ApprovalRecord[];
};
