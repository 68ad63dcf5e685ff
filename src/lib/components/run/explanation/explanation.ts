import { statusExplanationText as text } from '$lib/messages/components/status-explanation';
import type {
	Approval,
	AuditEntry,
	Json,
	Run,
	RunError,
	Timeline,
	TimelineRow
} from '$lib/protocol';
import type { Tone } from '../status-look';
import { visibleText } from '../../ui/visible-text';
import { formatDuration } from '../../ui/time-format';

/** What helps: an approval to decide, an event to send, a step to look at, an action, a new run. */
export type Help =
	| { kind: 'approval'; id: string }
	| { kind: 'event'; eventType: string }
	| { kind: 'step'; key: string }
	| { kind: 'action'; action: 'pause' | 'resume' }
	| { kind: 'again' };

export type Explanation = { tone: Tone; text: string; help: Help | null };

export type ExplanationInput = {
	run: Run;
	timeline: Timeline;
	approvals: readonly Approval[];
	/** The run's audit entries, newest first; empty until they are loaded. */
	audit: readonly AuditEntry[];
	/** How many runs of its workflow were queued before it; null until that is known. */
	ahead: number | null;
	now: number;
};

export const explanation = (
	tone: Tone,
	sentence: string,
	help: Help | null = null
): Explanation => ({
	tone,
	text: visibleText(sentence),
	help
});

/** A length of time that keeps growing. */
export const since = (at: number, now: number) => formatDuration(now - at, { coarse: true });

/** A step's name, with its count where there is more than one. */
export const nameOf = ({ name, count }: TimelineRow) => (count > 1 ? `${name} ${count}` : name);

/** `attempt 3 of 6`: the engine's limit counts retries, so there is one more attempt. */
export function attemptOf(row: TimelineRow, attempt: number): string {
	const limit = retryLimit(row.config);
	return text.attempt(attempt, limit === null ? null : limit + 1);
}

function retryLimit(config: Json | undefined): number | null {
	if (typeof config !== 'object' || config === null || Array.isArray(config)) return null;
	const { retries } = config;
	if (typeof retries !== 'object' || retries === null || Array.isArray(retries)) return null;
	return typeof retries.limit === 'number' ? retries.limit : null;
}

/** As much of an error as fits in a sentence. */
export function shortError({ name, message }: RunError): string {
	const whole = text.error(name, message);
	return whole.length > SENTENCE ? `${whole.slice(0, SENTENCE)}…` : whole;
}

const SENTENCE = 300;
