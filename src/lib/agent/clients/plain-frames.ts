// The plain message protocol: JSON text frames, for clients other than `AgentClient`.
import { z } from 'zod';
import {
	isEnded,
	jsonSchema,
	metadataSchema,
	newAgentPathSchema,
	reasonSchema,
	runIdSchema,
	workflowNameSchema,
	type Run
} from '../../protocol';

export const startFrameSchema = z.object({
	type: z.literal('start'),
	workflow: workflowNameSchema,
	agent: newAgentPathSchema.optional(),
	params: jsonSchema.default({}),
	metadata: metadataSchema.optional(),
	id: runIdSchema.optional()
});
const onRun = { workflow: workflowNameSchema.optional(), id: runIdSchema };

export const plainFrameSchema = z.discriminatedUnion('type', [
	startFrameSchema,
	z.object({ type: z.literal('status'), ...onRun }),
	z.object({ type: z.literal('pause'), ...onRun }),
	z.object({ type: z.literal('resume'), ...onRun }),
	z.object({ type: z.literal('cancel'), ...onRun, reason: reasonSchema })
]);
export type PlainFrame = z.infer<typeof plainFrameSchema>;

const TYPES: ReadonlySet<unknown> = new Set(['start', 'status', 'pause', 'resume', 'cancel']);

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The members of a frame that is an object; anything else has none. */
export function frameMembers(frame: unknown): Record<string, unknown> {
	return isObject(frame) ? frame : {};
}

/** Does the frame have a type of the protocol, whether or not the rest is valid? */
export function hasPlainType(frame: unknown): boolean {
	return isObject(frame) && TYPES.has(frame['type']);
}

/** Is this a frame of the SDK's own protocol (`AgentClient`)? */
export function isSdkFrame(frame: unknown): frame is { type: string; id?: unknown } {
	if (!isObject(frame) || typeof frame['type'] !== 'string') return false;
	return frame['type'] === 'rpc' || frame['type'].startsWith('cf_');
}

/** Accepts the other names that clients use for the id of a run and its workflow. */
export function normalizeFrame(frame: unknown): unknown {
	if (!isObject(frame)) return frame;
	const { workflowId, instanceId, workflowName, ...rest } = frame;
	const id = workflowId ?? instanceId;
	return {
		...rest,
		...('id' in rest || id === undefined ? {} : { id }),
		...('workflow' in rest || workflowName === undefined ? {} : { workflow: workflowName })
	};
}

/** The JSON of a text frame; undefined for anything else, which no schema accepts. */
export function parseText(message: unknown): unknown {
	if (typeof message !== 'string') return undefined;
	try {
		return JSON.parse(message);
	} catch {
		return undefined; // not JSON: the schema then names what is expected
	}
}

/** The answer to `start`. */
export function startedFrame(run: Run): object {
	return { ...run, type: 'workflow_started', instanceId: run.id, workflowId: run.id };
}

/** The answer to `status`, `pause`, `resume` and `cancel`. */
export function statusFrame(run: Run): object {
	return {
		type: 'workflow_status',
		workflow: run.workflow,
		id: run.id,
		instanceId: run.id,
		workflowId: run.id,
		status: run.status,
		outcome: run.outcome,
		done: isEnded(run.status),
		progress: run.progress,
		output: run.output,
		error: run.error
	};
}
