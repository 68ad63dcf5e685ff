// What the workflows' steps have in common: how they retry, and how their failures are told apart.
import type { WorkflowStepConfig } from 'cloudflare:workers';
import { z } from 'zod';

/** For a step that calls its Agent: quick, and safe to repeat. */
export const AGENT_CALL = {
	retries: { limit: 5, delay: '1 second', backoff: 'exponential' },
	timeout: '1 minute'
} as const satisfies WorkflowStepConfig;

/** What a run was given cannot be used, however often it is tried. */
class BadInputError extends Error {
	override name = 'BadInputError';
}

/**
 * Reads params inside a run. They were checked when the run was started from here; code that
 * starts a run by itself may have skipped that, and no retry would mend them.
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
 * Waits for a step that may throw a `NonRetryableError`. Left to itself the engine ends the run
 * with a sentence of its own; this one ends it with what the step said.
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

/** Did `waitForEvent` give up? Errors cross from the engine as text, their names in front. */
export function isWaitTimeout(error: unknown): boolean {
	return (
		error instanceof Error &&
		(error.name === 'WorkflowTimeoutError' ||
			/WorkflowTimeoutError|^Execution timed out/.test(error.message))
	);
}

/** Did the engine stop the run (pause, terminate, restart)? Such an error is never a result. */
export function isEngineStop(error: unknown): boolean {
	return error instanceof Error && error.message.includes('Aborting engine:');
}

/** An Agent's answer without the disposer that RPC adds to it, which a step's value cannot hold. */
export function plain<T extends Disposable>(answer: T): Omit<T, typeof Symbol.dispose> {
	const { [Symbol.dispose]: _dispose, ...value } = answer;
	return value;
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
