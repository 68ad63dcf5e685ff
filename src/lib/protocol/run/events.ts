import { z } from 'zod';
import { jsonSchema, timestampSchema, type Json } from '../wire/json';
import { isSpecialValue, valueToJson } from '../wire/values';
import { runErrorSchema, type RunError } from './run';

const named = { stepName: z.string() };
const attempt = { ...named, attempt: z.number().int() };
/** What was thrown; undefined where the engine did not say. */
const failure = { error: runErrorSchema.optional().catch(undefined) };
const retryDelay = { retryDelayMs: z.number().nonnegative().optional() };
const duration = z.union([z.string(), z.number()]);
const config = {
	config: z
		.looseObject({
			retries: z
				.looseObject({ limit: z.number(), delay: duration, backoff: z.string().optional() })
				.optional(),
			timeout: duration.optional()
		})
		.optional()
};
const head = { eventId: z.number().int().nonnegative(), timestamp: timestampSchema };
const event = <T extends string, S extends z.core.$ZodLooseShape>(type: T, shape: S) =>
	z.looseObject({ ...head, type: z.literal(type), ...shape });

/**
 * The events of the Workflows engine, as `WorkflowInstance.subscribe()` hands them out
 * (`WorkflowInstanceEvent` in @cloudflare/workers-types).
 */
const knownEventSchema = z.discriminatedUnion('type', [
	event('workflow_queued', {}),
	event('workflow_started', { params: jsonSchema.optional() }),
	event('workflow_running', {}),
	event('workflow_paused', {}),
	event('workflow_waiting_for_pause', {}),
	event('workflow_waiting', {}),
	event('workflow_completed', { output: jsonSchema.optional() }),
	event('workflow_errored', failure),
	event('workflow_terminated', {}),
	event('step_started', { ...named, ...config }),
	event('step_completed', { ...named, output: jsonSchema.optional() }),
	event('step_errored', named),
	event('attempt_started', attempt),
	event('attempt_completed', attempt),
	event('attempt_errored', { ...attempt, ...failure, ...retryDelay }),
	event('sleep_started', { ...named, durationMs: z.number().nonnegative() }),
	event('sleep_completed', named),
	event('wait_started', { ...named, eventType: z.string() }),
	event('wait_completed', named),
	event('wait_timed_out', named),
	event('rollback_started', {}),
	event('rollback_step_started', { ...named, ...config }),
	event('rollback_step_completed', named),
	event('rollback_step_errored', { ...named, ...failure }),
	event('rollback_attempt_started', attempt),
	event('rollback_attempt_completed', attempt),
	event('rollback_attempt_errored', { ...attempt, ...failure, ...retryDelay }),
	event('rollback_completed', {}),
	event('rollback_errored', {})
]);

/** An event this version does not know: it is kept and shown, and moves nothing. */
const otherEventSchema = z.looseObject({ ...head, type: z.string() });

/** Any event of a history; ones of a later engine parse too. */
export const runEventSchema = z.union([knownEventSchema, otherEventSchema]);
export type KnownRunEvent = z.infer<typeof knownEventSchema>;
export type OtherRunEvent = z.infer<typeof otherEventSchema>;
export type RunEvent = KnownRunEvent | OtherRunEvent;
export type RunEventType = KnownRunEvent['type'];

const KNOWN_TYPES: ReadonlySet<string> = new Set<RunEventType>(
	knownEventSchema.options.map((option) => option.shape.type.value)
);

/** The event with its fields read; null where its type is unknown or its fields are not as told. */
export function knownEvent(candidate: RunEvent): KnownRunEvent | null {
	if (!KNOWN_TYPES.has(candidate.type)) return null;
	const parsed = knownEventSchema.safeParse(candidate);
	return parsed.success ? parsed.data : null;
}

/** Reads an error of the engine; a step can also throw what is no error, such as a text or an object. */
export function errorOf(thrown: unknown): RunError | undefined {
	if (typeof thrown !== 'object' || thrown === null) return undefined;
	const field = (key: string) => (key in thrown ? Reflect.get(thrown, key) : undefined);
	const [name, message, stack] = [field('name'), field('message'), field('stack')];
	if (typeof name !== 'string' && (message === undefined || message === null)) return undefined;
	return {
		name: typeof name === 'string' ? name : 'Error',
		message: typeof message === 'string' ? message : textOf(message),
		...(typeof stack === 'string' ? { stack } : {})
	};
}

function textOf(message: unknown): string {
	if (message === undefined || message === null) return '';
	return isSpecialValue(message) ? message.text : JSON.stringify(valueToJson(message));
}

/** The keys that the SDK adds to a workflow's params to find its Agent again. */
const SDK_PARAM = /^__(agent|workflow)/;

/** Removes the SDK's own keys from a workflow's params; they are never shown. */
export function withoutSdkKeys(params: Json | undefined): Json {
	if (params === undefined) return null;
	if (params === null || typeof params !== 'object' || Array.isArray(params)) return params;
	return Object.fromEntries(Object.entries(params).filter(([key]) => !SDK_PARAM.test(key)));
}

/**
 * The fields of a raw event as JSON; never throws. An error that arrives as an `Error` keeps its name
 * and message.
 */
export function eventToJson(raw: unknown): unknown {
	if (typeof raw !== 'object' || raw === null) return raw;
	const fields: [string, unknown][] = [];
	for (const key of Object.keys(raw)) {
		const value = readField(raw, key);
		if (value === undefined) continue;
		fields.push([key, key === 'error' ? errorOf(value) : valueToJson(value)]);
	}
	return Object.fromEntries(fields);
}

/** A field whose reading throws costs only itself. */
function readField(raw: object, key: string): unknown {
	try {
		return Reflect.get(raw, key);
	} catch (error) {
		return { $type: 'unreadable', text: `cannot be read: ${String(error)}` };
	}
}

/**
 * Reads one event as the engine gave it and removes what is the SDK's own.
 * Returns null for something that is no event at all (no id, no time, no type).
 */
export function parseEngineEvent(raw: unknown): RunEvent | null {
	const parsed = runEventSchema.safeParse(eventToJson(raw));
	if (!parsed.success) return null;
	const found: RunEvent = parsed.data;
	if (found.type !== 'workflow_started' || !('params' in found)) return found;
	return { ...found, params: withoutSdkKeys(valueToJson(found.params)) };
}

/** A step's name as in the code and its occurrence: `process-12` is the 12th `process`. */
export type StepName = { name: string; count: number };

/** Splits the engine's step name, which ends in `-<count>`. */
export function parseStepName(stepName: string): StepName {
	const cut = /^(.*)-(\d+)$/s.exec(stepName);
	return cut?.[1] !== undefined
		? { name: cut[1], count: Number(cut[2]) }
		: { name: stepName, count: 1 };
}

/** Is this one of the SDK's own bookkeeping steps (`__agent_reportComplete_0`, …)? */
export function isSdkStep(stepName: string): boolean {
	return stepName.startsWith('__agent_');
}

/** The step name and the event type of the SDK's `waitForApproval`, unless it is given others. */
const SDK_APPROVAL = { name: 'wait-for-approval', eventType: 'approval' };
/** The event type of a gate of `requestApproval`; see `gateEventType`. */
export const GATE_EVENT = /^approval-(?:[a-z0-9-]+-)?[0-9a-f]{20}$/;

/**
 * Is this wait one for a person's decision? It is one of the SDK's `waitForApproval` with either of
 * its default names, a gate of `requestApproval`, or one for an event type that the workflow's
 * catalogue entry lists.
 */
export function isApprovalWait(
	wait: { name: string; eventType?: string | undefined },
	approvalEvents: readonly string[] = []
): boolean {
	const { name, eventType = '' } = wait;
	return (
		eventType === SDK_APPROVAL.eventType ||
		parseStepName(name).name === SDK_APPROVAL.name ||
		GATE_EVENT.test(eventType) ||
		approvalEvents.includes(eventType)
	);
}
