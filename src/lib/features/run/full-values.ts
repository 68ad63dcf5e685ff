// Values that are too large for the live connection are requested when somebody opens them.
import { runPageText } from '$lib/messages/pages/run-page';
import type { Requests } from '$lib/client';
import { problem, type Answer, type Json, type Run, type RunEvent } from '$lib/protocol';

/** The full params or output of the current generation. */
export async function fullRunValue(
	requests: Requests,
	{ workflow, id, generation }: Run,
	part: 'params' | 'output'
): Promise<Answer<Json>> {
	const answer = await requests.ask({ type: 'run.get', workflow, id });
	if (!answer.ok) return answer;
	if (answer.value.generation === generation) return { ok: true, value: answer.value[part] };
	return failed(runPageText.restartedMeanwhile);
}

/** One event with its full values. */
export async function fullEvent(
	requests: Requests,
	{ workflow, id, generation }: Run,
	eventId: number
): Promise<Answer<RunEvent>> {
	const after = eventId - 1;
	const answer = await requests.ask({
		type: 'run.events',
		workflow,
		id,
		generation,
		after,
		limit: 1
	});
	if (!answer.ok) return answer;
	const event = answer.value.events.find((found) => found.eventId === eventId);
	return event ? { ok: true, value: event } : failed(runPageText.eventNotStored);
}

/** The full output of a step, from the event that completed it. */
export async function fullStepOutput(
	requests: Requests,
	run: Run,
	{ events, stepName }: { events: readonly RunEvent[]; stepName: string }
): Promise<Answer<Json>> {
	const completed = events.findLast(
		(event) => event.type === 'step_completed' && event.stepName === stepName
	);
	if (!completed) return failed(runPageText.stepWithoutOutput);
	const answer = await fullEvent(requests, run, completed.eventId);
	// Events are parsed from JSON when they arrive.
	return answer.ok ? { ok: true, value: (answer.value.output ?? null) as Json } : answer;
}

function failed(detail: string): Answer<never> {
	return { ok: false, problem: problem('not-found', detail) };
}
