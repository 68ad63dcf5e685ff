// What the sentences about a run are made of.
import type { Approval, AuditEntry, Json, Run, Timeline, TimelineRow } from '$lib/protocol';
import type { Tone } from '../status-look';
import { formatDuration } from '../../ui/time-format';

/**
 * What helps: the approval or the event that it waits for, the step that it is about, something to
 * do to it, or another run like it.
 */
export type Help =
	| { kind: 'approval'; id: string }
	| { kind: 'event'; eventType: string }
	| { kind: 'step'; key: string }
	| { kind: 'action'; action: 'pause' | 'resume' }
	| { kind: 'again' };

export type Standing = { tone: Tone; words: string; help: Help | null };

/** What the sentence is made from. */
export type StandingFacts = {
	run: Run;
	timeline: Timeline;
	approvals: readonly Approval[];
	/** Who did what to it, newest first; empty while that is not known. */
	audit: readonly AuditEntry[];
	/** How many runs of its workflow were queued before it; null while that is not known. */
	ahead: number | null;
	now: number;
};

/** A sentence, its tone, and what helps. */
export const say = (tone: Tone, words: string, help: Help | null = null): Standing => ({
	tone,
	words,
	help
});
/** How long it has been, to be read while it grows. */
export const since = (at: number, now: number) => formatDuration(now - at, { coarse: true });

/** A step's name, with its count where there is more than one. */
export const nameOf = ({ name, count }: TimelineRow) => (count > 1 ? `${name} ${count}` : name);

/** `attempt 3 of 6`: the engine's limit counts retries, so there is one attempt more. */
export function attemptOf(row: TimelineRow, attempt: number): string {
	const limit = retryLimit(row.config);
	return limit === null ? `attempt ${attempt}` : `attempt ${attempt} of ${limit + 1}`;
}

/** How often a step is tried again by its config; null when it does not say. */
function retryLimit(config: Json | undefined): number | null {
	if (typeof config !== 'object' || config === null || Array.isArray(config)) return null;
	const { retries } = config;
	if (typeof retries !== 'object' || retries === null || Array.isArray(retries)) return null;
	return typeof retries.limit === 'number' ? retries.limit : null;
}
