// The content of a new approval: what its workflow requested, or, for a plain wait, what the run
// itself shows.
import type { Approval, Gate, Json, JsonObject, RunFacts } from '../../../protocol';
import { parseStepName } from '../../../protocol';
import { agentErrorText } from '../../../messages/server/agent-errors';

/** Longer texts of a fact are truncated, characters. */
const FACT_LENGTH = 300;

/** The wait that an approval belongs to, under its name in the engine. */
export type ApprovalWait = { name: string; eventType: string; at: number };

/** Creates a pending approval for a wait that has just begun. */
export function newApproval(facts: RunFacts, wait: ApprovalWait, gate: Gate | null): Approval {
	const { ref, generation, agent, startedBy, startedBySubject } = facts;
	const isNamed = gate?.requestedBy !== undefined && gate.requestedBy !== null;
	const after = (lengthMs: number | null | undefined) =>
		lengthMs === null || lengthMs === undefined ? null : wait.at + lengthMs;
	return {
		id: `ap_${crypto.randomUUID().replaceAll('-', '').slice(0, 20)}`,
		workflow: ref.workflow,
		runId: ref.id,
		generation,
		agent,
		step: parseStepName(wait.name).name,
		eventType: wait.eventType,
		title: gate?.title ?? titleOf(facts),
		description: gate?.description ?? null,
		facts: gate?.facts ?? factsOf(facts),
		form: gate?.form ?? null,
		status: 'pending',
		requestedAt: wait.at,
		expiresAt: after(gate?.timeoutMs),
		approvers: gate?.approvers ?? ['approver'],
		quorum: gate?.quorum ?? 1,
		decisions: [],
		severity: gate?.severity ?? 'normal',
		initial: gate?.initial ?? null,
		requestedBy: gate?.requestedBy ?? startedBy,
		...(isNamed || !startedBySubject ? {} : { requestedBySubject: startedBySubject }),
		allowRequester: gate?.allowRequester ?? true,
		onTimeout: gate?.timeoutMs ? gate.onTimeout : null,
		escalateAt: after(gate?.escalateAfterMs),
		escalateTo: gate?.escalateTo ?? [],
		escalatedAt: null,
		warnedAt: null,
		claimedBy: null,
		claimedAt: null,
		decidedAt: null,
		deliverAt: null
	};
}

function titleOf({ ref, progress }: RunFacts): string {
	const message =
		typeof progress === 'object' && progress && !Array.isArray(progress) ? progress.message : null;
	return typeof message === 'string' && message
		? message
		: agentErrorText.approvalTitle(ref.workflow, ref.id);
}

/** Params and progress, with values short enough to read. */
function factsOf({ params, progress }: RunFacts): JsonObject {
	return { ...shortValues(params), ...shortValues(progress) };
}

function shortValues(value: Json): JsonObject {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
	return Object.fromEntries(
		Object.entries(value)
			.filter(([key]) => key !== 'message')
			.map(([key, entry]) => [key, shorten(entry)])
	);
}

function shorten(value: Json): Json {
	if (typeof value === 'string') {
		return value.length > FACT_LENGTH ? `${value.slice(0, FACT_LENGTH)}…` : value;
	}
	if (Array.isArray(value)) return value.slice(0, 10).map(shorten);
	return typeof value === 'object' && value !== null ? shortValues(value) : value;
}
