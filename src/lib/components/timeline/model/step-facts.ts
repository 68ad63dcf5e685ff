import { timelineText as text } from '$lib/messages/components/timeline';
import type { Json, TimelineRow } from '$lib/protocol';
import { formatDuration } from '../../ui/time-format';

export type StepFact = { name: string; value: string };

/** A step's configuration of retries and timeout. */
export function configFacts(config: Json | undefined): StepFact[] {
	if (!isObject(config)) return [];
	const retries = isObject(config.retries) ? config.retries : {};
	return [
		fact(text.fields.retries, retries.limit, (limit) => text.upTo(String(limit))),
		fact(text.fields.backoff, retries.delay, (delay) =>
			text.backoff(
				lengthText(delay),
				retries.backoff === undefined ? null : String(retries.backoff)
			)
		),
		fact(text.fields.timeout, config.timeout, (timeout) => text.perAttempt(lengthText(timeout)))
	].flat();
}

/** The planned length of a sleep; null for anything else. */
export function sleepLength(row: TimelineRow): string | null {
	return row.kind === 'sleep' && row.dueAt !== null
		? formatDuration(row.dueAt - row.startedAt)
		: null;
}

function fact(name: string, value: Json | undefined, format: (value: Json) => string): StepFact[] {
	return value === undefined || value === null ? [] : [{ name, value: format(value) }];
}

const lengthText = (length: Json) =>
	typeof length === 'number' ? formatDuration(length) : String(length);

function isObject(value: Json | undefined): value is { [key: string]: Json } {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
