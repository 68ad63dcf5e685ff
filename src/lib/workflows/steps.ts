// Shared by the steps of workflows: how they retry, and how their failures are told apart.
import type { WorkflowStepConfig } from 'cloudflare:workers';
import { z } from 'zod';

/** For a step that calls its Agent: quick, and safe to repeat. */
export const AGENT_CALL = {
	retries: { limit: 5, delay: '1 second', backoff: 'exponential' },
	timeout: '1 minute'
} as const satisfies WorkflowStepConfig;

/** The input of a run is invalid; retries cannot help. */
class BadInputError extends Error {
	override name = 'BadInputError';
}

/**
 * Validates params inside a run. Signalbox checks them at the start; code that starts a run itself may
 * have skipped that, and retries cannot help.
 */
export function readParams<Schema extends z.ZodType>(
	schema: Schema,
	payload: unknown
): z.output<Schema> {
	const read = schema.safeParse(payload);
	if (!read.success) throw new BadInputError(z.prettifyError(read.error));
	return read.data;
}

/**
 * Waits for a step that may throw a `NonRetryableError`. The engine would end the run with a generic
 * message; this ends it with the message of the step.
 */
export async function orBadInput<T>(step: Promise<T>): Promise<T> {
	try {
		return await step;
	} catch (error) {
		const isFinal =
			error instanceof Error && /NonRetryableError/.test(`${error.name} ${error.message}`);
		throw isFinal ? new BadInputError(error.message.replace(/^NonRetryableError: /, '')) : error;
	}
}

/** Did `waitForEvent` time out? Errors of the engine arrive as text that starts with their name. */
export function isWaitTimeout(error: unknown): boolean {
	return (
		error instanceof Error &&
		(error.name === 'WorkflowTimeoutError' ||
			/WorkflowTimeoutError|^Execution timed out/.test(error.message))
	);
}

/** Did the engine stop the run (pause, terminate, restart)? Such an error is never an outcome. */
export function isEngineStop(error: unknown): boolean {
	return error instanceof Error && error.message.includes('Aborting engine:');
}

/** An Agent's answer without the disposer of RPC, which the value of a step cannot hold. */
export function plain<T extends Disposable>(answer: T): Omit<T, typeof Symbol.dispose> {
	const { [Symbol.dispose]: _dispose, ...value } = answer;
	return value;
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
