import type { Json, RunEvent } from '../../protocol';
import type { Tone } from '../run/status-look';
import { formatDuration } from '../ui/time-format';

/** An event's type as words: `step started`, `waiting for pause`. */
export function eventTypeText({ type }: RunEvent): string {
	return type.replaceAll('_', ' ');
}

/** How an event is coloured: ends good and bad stand out, the rest is quiet. */
export function eventTone({ type }: RunEvent): Tone {
	if (/errored$|timed_out$/.test(type)) return 'failed';
	if (/^(step|workflow|wait|sleep)_completed$/.test(type)) return 'done';
	if (/paused$|for_pause$/.test(type)) return 'paused';
	if (/^(sleep|wait)_started$/.test(type)) return 'waiting';
	if (/terminated$/.test(type)) return 'stopped';
	return 'queued';
}

/** What an event says beyond its type and step, in a few words. */
export function eventDetail(event: RunEvent): string {
	const { attempt, error, retryDelayMs, durationMs, eventType } = event;
	return [
		typeof attempt === 'number' ? `attempt ${attempt}` : '',
		typeof eventType === 'string' ? `for ${eventType}` : '',
		typeof durationMs === 'number' ? `for ${formatDuration(durationMs)}` : '',
		errorWords(error),
		typeof retryDelayMs === 'number' ? `again in ${formatDuration(retryDelayMs)}` : ''
	]
		.filter(Boolean)
		.join(', ');
}

function errorWords(error: unknown): string {
	if (typeof error !== 'object' || error === null) return '';
	const name = 'name' in error ? String(error.name) : 'Error';
	return 'message' in error ? `${name}: ${String(error.message)}` : name;
}

/** What an event holds, for the viewer: without what its line says already. */
export function eventBody(event: RunEvent): Json {
	// Events were parsed as JSON when they came over the wire.
	return event as Json;
}

/** What is shown of a text that may be as long as it likes, characters. */
const PREVIEW = 400;

/** All that an event says beside its type, step and times, as text on a few lines. */
export function eventFields(event: RunEvent): string {
	return Object.entries(event)
		.filter(([name]) => !SAID.has(name))
		.map(([name, value]) => `${name}: ${preview(value)}`)
		.join(' · ');
}

/** What a line says anyway, or what is the same of all events of a run. */
const SAID: ReadonlySet<string> = new Set([
	...['eventId', 'timestamp', 'type', 'stepName'],
	...['attempt', 'eventType', 'instanceId']
]);

/** An event as one line of JSON, cut where it is long. */
export function eventLine(event: RunEvent): string {
	return preview(event);
}

function preview(value: unknown): string {
	const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
	return text.length > PREVIEW ? `${text.slice(0, PREVIEW)}…` : text;
}
