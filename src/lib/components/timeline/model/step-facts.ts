import type { Json, TimelineRow } from '$lib/protocol';
import { formatDuration } from '../../ui/time-format';

/** A fact about a step: what it is called and what it says. */
export type StepFact = { name: string; says: string };

/** What a step was told about retries and time, in words. */
export function configFacts(config: Json | undefined): StepFact[] {
	if (!isObject(config)) return [];
	const retries = isObject(config.retries) ? config.retries : {};
	return [
		fact('Retries', retries.limit, (limit) => `up to ${String(limit)}`),
		fact('Back-off', retries.delay, (delay) => {
			const grows = retries.backoff === undefined ? '' : `, ${String(retries.backoff)}`;
			return `${lengthText(delay)}${grows}`;
		}),
		fact('Timeout', config.timeout, (timeout) => `${lengthText(timeout)} an attempt`)
	].flat();
}

/** How long a sleep was meant to last; null for anything else. */
export function sleepLength(row: TimelineRow): string | null {
	return row.kind === 'sleep' && row.dueAt !== null
		? formatDuration(row.dueAt - row.startedAt)
		: null;
}

function fact(name: string, value: Json | undefined, say: (value: Json) => string): StepFact[] {
	return value === undefined || value === null ? [] : [{ name, says: say(value) }];
}

const lengthText = (length: Json) =>
	typeof length === 'number' ? formatDuration(length) : String(length);

function isObject(value: Json | undefined): value is { [key: string]: Json } {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
