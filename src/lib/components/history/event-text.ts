import { historyText as text } from '$lib/messages/components/history';
import type { Json, RunEvent } from '../../protocol';
import type { Tone } from '../run/status-look';
import { formatDuration } from '../ui/time-format';

/** An event's type in words: `step started`, `waiting for pause`. */
export function eventTypeText({ type }: RunEvent): string {
	return type.replaceAll('_', ' ');
}

/** The colour of an event: successes and failures stand out. */
export function eventTone({ type }: RunEvent): Tone {
	if (/errored$|timed_out$/.test(type)) return 'failed';
	if (/^(step|workflow|wait|sleep)_completed$/.test(type)) return 'done';
	if (/paused$|for_pause$/.test(type)) return 'paused';
	if (/^(sleep|wait)_started$/.test(type)) return 'waiting';
	if (/terminated$/.test(type)) return 'stopped';
	return 'queued';
}

/** An event's details beside its type and step, on one line. */
export function eventDetail(event: RunEvent): string {
	const { attempt, error, retryDelayMs, durationMs, eventType } = event;
	return [
		typeof attempt === 'number' ? text.attempt(attempt) : '',
		typeof eventType === 'string' ? text.forEvent(eventType) : '',
		typeof durationMs === 'number' ? text.forDuration(formatDuration(durationMs)) : '',
		errorText(error),
		typeof retryDelayMs === 'number' ? text.retryIn(formatDuration(retryDelayMs)) : ''
	]
		.filter(Boolean)
		.join(', ');
}

function errorText(error: unknown): string {
	if (typeof error !== 'object' || error === null) return '';
	const name = 'name' in error ? String(error.name) : text.errorName;
	return 'message' in error ? text.error(name, String(error.message)) : name;
}

export function eventBody(event: RunEvent): Json {
	// Events were parsed as JSON when they came over the wire.
	return event as Json;
}

/** Longer texts are cut, characters. */
const MAX_PREVIEW = 400;

/** All other fields of an event, as text on a few lines. */
export function eventFields(event: RunEvent): string {
	return Object.entries(event)
		.filter(([name]) => !SHOWN_FIELDS.has(name))
		.map(([name, value]) => `${name}: ${preview(value)}`)
		.join(' · ');
}

/** Fields that the line shows anyway, or that are the same for all events of a run. */
const SHOWN_FIELDS: ReadonlySet<string> = new Set([
	...['eventId', 'timestamp', 'type', 'stepName'],
	...['attempt', 'eventType', 'instanceId']
]);

/** An event as one line of JSON, cut where it is long. */
export function eventLine(event: RunEvent): string {
	return preview(event);
}

function preview(value: unknown): string {
	const json = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
	return json.length > MAX_PREVIEW ? `${json.slice(0, MAX_PREVIEW)}…` : json;
}
