// `requestApproval(step, …)` opens an approval in the workflow's Agent, then waits for an event of a
// type that belongs to this approval alone. The Agent keeps approvers, form, quorum and deadline; the
// engine's own wait is longer and only a safety net.
import { AgentWorkflow, type AgentWorkflowStep } from 'agents/workflows';
import type { Agent } from 'agents';
import { z } from 'zod';
import {
	DEADLINE_PERSON,
	gateEventType,
	gateOutcomeSchema,
	requestedGateSchema,
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
import { workflowErrorText } from '../messages/server/workflow-errors';
import { AGENT_CALL, isWaitTimeout, readParams } from './steps';

/** How much longer than the deadline the engine waits, Ms. */
const SAFETY_MS = 86_400_000;
/** A form can check more than its JSON Schema expresses: invalid data is requested again this often. */
const MAX_ROUNDS = 20;

/** A request for approval. Durations are words ("2 days") or Ms. */
export type ApprovalRequest<Form extends z.ZodType> = {
	title: string;
	/** Markdown with what is needed to decide. */
	description?: string;
	/** The facts that the decision is about, by name. */
	facts?: Record<string, unknown>;
	/** The form that the approver fills in; the decisions carry its data, typed. */
	form?: Form;
	/** Initial values of the form. */
	initial?: z.input<Form>;
	/** Who may decide; by default anyone with the role `approver`. */
	approvers?: { roles?: Role[]; emails?: string[]; groups?: string[] };
	/** How many different people have to approve; 1 by default. */
	quorum?: number;
	/** The requester's name or email; by default whoever started the run. */
	requestedBy?: string;
	/** May the requester decide as well? Not by default. */
	allowRequester?: boolean;
	/** The time to decide; unlimited by default. */
	timeout?: string | number;
	/** What happens when it is over; `reject` by default. */
	onTimeout?: OnTimeout;
	/** When `escalateTo` may decide as well. */
	escalateAfter?: string | number;
	escalateTo?: { roles?: Role[]; emails?: string[]; groups?: string[] };
	severity?: Severity;
	/** The name of the wait among the steps of the run; `request-approval` by default. */
	name?: string;
};

/** One person's approval, with the data of the form. */
export type GrantedApproval<Data> = {
	by: string;
	/** Ms. */
	at: number;
	reason: string | null;
	data: Data;
	/** The deadline passed, and `onTimeout` of the request is `approve`. */
	byDeadline: boolean;
};

/** The workflow of each step: a step does not know its Agent. */
const workflows = new WeakMap<object, { ref: RunRef; agent: () => unknown }>();

/**
 * A workflow that can request approvals. Extend it instead of `AgentWorkflow`, with a monitored Agent,
 * and call {@link requestApproval} with the step of its `run`.
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
 * Requests an approval and waits for the decision. Returns the approvals, one of each person.
 * @throws ApprovalRejectedError when somebody rejects, or the deadline passes and `onTimeout` is `reject`
 * @throws ApprovalExpiredError when the deadline passes and `onTimeout` is `fail`
 */
export async function requestApproval<Form extends z.ZodType = z.ZodType<Json>>(
	step: AgentWorkflowStep,
	request: ApprovalRequest<Form>
): Promise<GrantedApproval<z.output<Form>>[]> {
	const { form, name = 'request-approval' } = request;
	if (form && request.onTimeout === 'approve') readParams(form, request.initial);
	let invalidData: string | null = null;
	for (let round = 0; round < MAX_ROUNDS; round += 1) {
		const { outcome, decisions } = await askOnce(step, name, gateOf(request, invalidData));
		if (outcome === 'expired') throw new ApprovalExpiredError(request.title);
		const last = decisions.at(-1);
		if (outcome === 'rejected') throw new ApprovalRejectedError(last?.by, last?.reason);
		const granted = decisions.map(({ by, at, reason, data }) => ({
			...{ by, at, reason, byDeadline: by === DEADLINE_PERSON },
			read: (form ?? z.unknown()).safeParse(data)
		}));
		invalidData = granted.flatMap(({ read }) => read.error?.message ?? [])[0] ?? null;
		if (invalidData === null) {
			return granted.map(({ read, ...rest }) => ({
				...rest,
				data: read.data as z.output<Form> // read without an error
			}));
		}
	}
	throw new Error(workflowErrorText.invalidDataTooOften(request.title, MAX_ROUNDS));
}

/** Opens one approval and waits for its outcome. */
async function askOnce(step: AgentWorkflowStep, name: string, gate: Gate): Promise<GateOutcome> {
	const workflow = workflows.get(step);
	if (!workflow) {
		throw new Error(workflowErrorText.notApprovalWorkflow);
	}
	const eventType = await step.do(`open-${name}`, AGENT_CALL, async () => {
		const type = gateEventType(gate.title, crypto.randomUUID().replaceAll('-', '').slice(0, 20));
		// Every monitored Agent has this method; the type of the stub does not say so.
		const agent = workflow.agent() as Pick<MonitoredAgent, 'operate'>;
		const opening = { ref: workflow.ref, eventType: type, gate };
		const opened = await agent.operate<'open-gate'>('', { type: 'open-gate', opening });
		if (!opened.ok) throw new Error(opened.problem.detail);
		return type;
	});
	try {
		const timeout = Math.min(
			gate.timeoutMs === null ? Infinity : gate.timeoutMs + SAFETY_MS,
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
	invalidData: string | null
): Gate {
	const { description = null, form, approvers, requestedBy, escalateTo, timeout } = request;
	const why = invalidData === null ? null : workflowErrorText.invalidData(invalidData);
	return requestedGateSchema.parse({
		title: request.title,
		description: why === null ? description : [why, description].filter(Boolean).join('\n\n'),
		facts: toJson(request.facts ?? {}),
		form: form ? toJson(z.toJSONSchema(form, { io: 'input', unrepresentable: 'any' })) : null,
		initial: toJson(request.initial),
		approvers: approvers ? approverNames(approvers) : ['approver'],
		quorum: request.quorum ?? 1,
		requestedBy: requestedBy ?? null,
		allowRequester: request.allowRequester ?? false,
		timeoutMs: durationMs(timeout, 'timeout'),
		onTimeout: request.onTimeout ?? 'reject',
		escalateAfterMs: durationMs(request.escalateAfter, 'escalateAfter'),
		escalateTo: escalateTo ? approverNames(escalateTo) : [],
		severity: request.severity ?? 'normal'
	});
}

function approverNames({
	roles = [],
	emails = [],
	groups = []
}: NonNullable<ApprovalRequest<z.ZodType>['approvers']>): string[] {
	return [...roles, ...emails, ...groups.map((group) => `group:${group}`)];
}

function durationMs(duration: string | number | undefined, field: string): number | null {
	if (duration === undefined) return null;
	const ms = toMs(duration);
	if (ms !== null) return ms;
	throw new Error(workflowErrorText.invalidDuration(field, String(duration)));
}
