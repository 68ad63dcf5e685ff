// How a workflow asks people: `requestApproval(step, …)` tells its Agent what the gate is for, then
// waits for an event of a type that belongs to this gate alone. Who may decide, the form, quorum and
// deadline are kept by the Agent; the engine's own wait is longer, and only a net below it.
import { AgentWorkflow, type AgentWorkflowStep } from 'agents/workflows';
import type { Agent } from 'agents';
import { z } from 'zod';
import {
	DEADLINE_PERSON,
	gateEventType,
	gateOutcomeSchema,
	gateSchema,
	toJson,
	type Gate,
	type GateOutcome,
	type Json,
	type OnTimeout,
	type Role,
	type RunRef,
	type Severity
} from '../protocol';
import type { MonitoredAgent } from '../agent';
import { ApprovalExpiredError, ApprovalRejectedError } from './approval-errors';
import { MAX_SLEEP_MS, toMs } from './duration';
import { AGENT_CALL, isWaitTimeout, readParams } from './steps';

/** So much longer than the gate's deadline the engine waits, Ms. */
const NET_MS = 86_400_000;
/** A form can check more than its JSON Schema says; so often it is asked again. */
const MOST_ROUNDS = 20;

/** What a workflow asks of people. Durations are words ("2 days") or Ms. */
export type ApprovalRequest<Form extends z.ZodType> = {
	title: string;
	/** Markdown, with the data that a decision needs. */
	description?: string;
	/** What the decision is about, by name. */
	facts?: Record<string, unknown>;
	/** What whoever approves has to fill in; typed again in the decisions. */
	form?: Form;
	/** Values to begin the form with. */
	initial?: z.input<Form>;
	/** Who may decide; anyone with the role `approver` when left out. */
	approvers?: { roles?: Role[]; emails?: string[]; groups?: string[] };
	/** How many different people have to approve: 1 when left out. */
	quorum?: number;
	/** Who asks, by name or email, when it is not who started the run. */
	requestedBy?: string;
	/** May who asks decide, too? No when left out. */
	allowRequester?: boolean;
	/** How long people have; without end when left out. */
	timeout?: string | number;
	/** What happens then: `reject` when left out. */
	onTimeout?: OnTimeout;
	/** After so long more people may decide: */
	escalateAfter?: string | number;
	escalateTo?: { roles?: Role[]; emails?: string[]; groups?: string[] };
	severity?: Severity;
	/** The wait's name among the run's steps: `request-approval` when left out. */
	name?: string;
};

/** One person's approval, with what they filled in. */
export type GrantedApproval<Data> = {
	by: string;
	/** Ms. */
	at: number;
	reason: string | null;
	data: Data;
	/** Nobody decided in time, and the request said that this approves it. */
	byDeadline: boolean;
};

/** The workflow that each step belongs to: a step alone does not know its Agent. */
const workflows = new WeakMap<object, { ref: RunRef; agent: () => unknown }>();

/**
 * A workflow that can ask people: extend it instead of `AgentWorkflow`, with an Agent that is
 * `monitored`, and call {@link requestApproval} with the step of its `run`.
 */
export class ApprovalWorkflow<
	AgentType extends Agent = Agent,
	Params = unknown,
	Progress = unknown
> extends AgentWorkflow<AgentType, Params, Progress> {
	protected override extendStep(
		...[step, event]: Parameters<AgentWorkflow<AgentType, Params, Progress>['extendStep']>
	): AgentWorkflowStep {
		const extended = super.extendStep(step, event);
		const ref = { workflow: this.workflowName, id: this.workflowId };
		workflows.set(extended, { ref, agent: () => this.agent });
		return extended;
	}
}

/**
 * Asks people and waits for their decision. Returns the approvals that count, one of each person.
 * @throws ApprovalRejectedError when somebody rejects, or nobody decides and `onTimeout` is `reject`
 * @throws ApprovalExpiredError when nobody decides in time and `onTimeout` is `fail`
 */
export async function requestApproval<Form extends z.ZodType = z.ZodType<Json>>(
	step: AgentWorkflowStep,
	request: ApprovalRequest<Form>
): Promise<GrantedApproval<z.output<Form>>[]> {
	const { form, name = 'request-approval' } = request;
	if (form && request.onTimeout === 'approve') readParams(form, request.initial);
	let misfit: string | null = null;
	for (let round = 0; round < MOST_ROUNDS; round += 1) {
		const { outcome, decisions } = await askOnce(step, name, gateOf(request, misfit));
		if (outcome === 'expired') throw new ApprovalExpiredError(request.title);
		const last = decisions.at(-1);
		if (outcome === 'rejected') throw new ApprovalRejectedError(last?.by, last?.reason);
		const granted = decisions.map(({ by, at, reason, data }) => ({
			...{ by, at, reason, byDeadline: by === DEADLINE_PERSON },
			read: (form ?? z.unknown()).safeParse(data)
		}));
		misfit = granted.flatMap(({ read }) => read.error?.message ?? [])[0] ?? null;
		if (misfit === null) {
			return granted.map(({ read, ...rest }) => ({
				...rest,
				data: read.data as z.output<Form> // read without an error
			}));
		}
	}
	throw new Error(`What was filled in for "${request.title}" did not fit ${MOST_ROUNDS} times.`);
}

/** One gate: told to the Agent, waited for, passed. */
async function askOnce(step: AgentWorkflowStep, name: string, gate: Gate): Promise<GateOutcome> {
	const workflow = workflows.get(step);
	if (!workflow) {
		throw new Error('requestApproval wants the step of a workflow that extends ApprovalWorkflow.');
	}
	const eventType = await step.do(`open-${name}`, AGENT_CALL, async () => {
		const type = gateEventType(gate.title, crypto.randomUUID().replaceAll('-', '').slice(0, 20));
		// Every monitored Agent has it; the stub's own type says so only for an Agent that is known.
		const agent = workflow.agent() as Pick<MonitoredAgent, 'operate'>;
		const opening = { ref: workflow.ref, eventType: type, gate };
		const opened = await agent.operate<'open-gate'>('', { type: 'open-gate', opening });
		if (!opened.ok) throw new Error(opened.problem.detail);
		return type;
	});
	try {
		const timeout = Math.min(
			gate.timeoutMs === null ? Infinity : gate.timeoutMs + NET_MS,
			MAX_SLEEP_MS
		);
		const event = await step.waitForEvent(name, { type: eventType, timeout });
		return gateOutcomeSchema.parse(toJson(event.payload));
	} catch (error) {
		throw isWaitTimeout(error) ? new ApprovalExpiredError(gate.title) : error;
	}
}

function gateOf<Form extends z.ZodType>(
	request: ApprovalRequest<Form>,
	misfit: string | null
): Gate {
	const { description = null, form, approvers, requestedBy, escalateTo, timeout } = request;
	const why = misfit === null ? null : `**What was filled in did not fit:** ${misfit}`;
	return gateSchema.parse({
		title: request.title,
		description: why === null ? description : [why, description].filter(Boolean).join('\n\n'),
		facts: toJson(request.facts ?? {}),
		form: form ? toJson(z.toJSONSchema(form, { io: 'input', unrepresentable: 'any' })) : null,
		initial: toJson(request.initial),
		approvers: approvers ? namesOf(approvers) : ['approver'],
		quorum: request.quorum ?? 1,
		requestedBy: requestedBy ?? null,
		allowRequester: request.allowRequester ?? false,
		timeoutMs: lengthOf(timeout, 'timeout'),
		onTimeout: request.onTimeout ?? 'reject',
		escalateAfterMs: lengthOf(request.escalateAfter, 'escalateAfter'),
		escalateTo: escalateTo ? namesOf(escalateTo) : [],
		severity: request.severity ?? 'normal'
	});
}

function namesOf({
	roles = [],
	emails = [],
	groups = []
}: NonNullable<ApprovalRequest<z.ZodType>['approvers']>): string[] {
	return [...roles, ...emails, ...groups.map((group) => `group:${group}`)];
}

function lengthOf(duration: string | number | undefined, field: string): number | null {
	if (duration === undefined) return null;
	const lengthMs = toMs(duration);
	if (lengthMs !== null) return lengthMs;
	throw new Error(`${field}: "${duration}" is no duration such as "2 days".`);
}
