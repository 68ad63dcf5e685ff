// Histories as an engine would have written them, of any length, and the same each time.
import type { RunEvent } from '../../src/lib/protocol';

/** A step takes so long, Ms, and the next one begins as soon as it has ended. */
const STEP_MS = 40;
/** One step in so many fails once before it succeeds. */
const FAILING = 50;
const KINDS = ['load rows', 'check prices', 'resize image', 'send notice'];

/** The events of a step, from its start (Ms) on; ids follow `lastId`. */
function eventsOf(step: number, lastId: number, at: number): RunEvent[] {
	const kind = KINDS[step % KINDS.length] ?? 'step';
	const stepName = `${kind} ${Math.floor(step / KINDS.length) + 1}-1`;
	const config = {
		retries: { limit: 5, delay: 10, backoff: 'exponential' },
		timeout: '10 minutes'
	};
	const output = { rows: 100 + (step % 17), skipped: step % 3, sku: `TEA-${step}` };
	const failed = step % FAILING === FAILING - 1;
	const shapes: Record<string, unknown>[] = [
		{ type: 'step_started', stepName, config },
		{ type: 'attempt_started', stepName, attempt: 1 },
		...(failed
			? [
					{
						...{ type: 'attempt_errored', stepName, attempt: 1, retryDelayMs: 10 },
						error: { name: 'TimeoutError', message: 'upstream closed' }
					},
					{ type: 'attempt_started', stepName, attempt: 2 }
				]
			: []),
		{ type: 'attempt_completed', stepName, attempt: failed ? 2 : 1 },
		{ type: 'step_completed', stepName, output }
	];
	return shapes.map((shape, index) => ({
		...shape,
		type: String(shape['type']),
		eventId: lastId + 1 + index,
		timestamp: at + Math.round((STEP_MS * index) / (shapes.length - 1))
	}));
}

/** A history that began so that its steps so far end about now, and that can go on. */
export class LongHistory {
	readonly events: RunEvent[];
	#steps = 0;

	constructor(steps: number, now: number) {
		const began = now - steps * STEP_MS;
		this.events = [
			{ eventId: 1, timestamp: began, type: 'workflow_queued' },
			{ eventId: 2, timestamp: began, type: 'workflow_started', params: { steps } },
			{ eventId: 3, timestamp: began, type: 'workflow_running' }
		];
		while (this.#steps < steps) this.#step(began + this.#steps * STEP_MS);
	}

	/** Goes on by whole steps, all of whose events are of this time (Ms). */
	grow(atLeast: number, now: number): void {
		const wanted = this.events.length + atLeast;
		while (this.events.length < wanted) {
			const first = this.events.length;
			this.#step(now);
			for (let index = first; index < this.events.length; index += 1) {
				const event = this.events[index];
				if (event) this.events[index] = { ...event, timestamp: now };
			}
		}
	}

	#step(at: number): void {
		this.events.push(...eventsOf(this.#steps, this.events.length, at));
		this.#steps += 1;
	}
}
