// Explains a status that people caused, from the run's audit entries.
import { statusExplanationText as text } from '$lib/messages/components/status-explanation';
import type { AuditEntry } from '$lib/protocol';
import { explanation, since, type Explanation, type ExplanationInput } from './explanation';

export function explainPause({ run, timeline, audit, now }: ExplanationInput): Explanation {
	const pause = timeline.pauses.at(-1);
	const waited = pause ? since(pause.from, now) : null;
	const help = { kind: 'action', action: 'resume' } as const;
	return explanation('paused', text.paused(pausedBy(audit), waited, run.step), help);
}

/** Who paused the run; null when that happened elsewhere, or when it was resumed since. */
export function pausedBy(audit: readonly AuditEntry[]): string | null {
	const last = audit.find(
		({ action, result }) => result === 'done' && (action === 'run.pause' || action === 'run.resume')
	);
	return last?.action === 'run.pause' ? last.by : null;
}

export function explainTermination({ run, audit }: ExplanationInput): Explanation | null {
	const last = audit.find(({ action, result }) => action === 'run.terminate' && result === 'done');
	if (!last && run.step === null) return null;
	return explanation('stopped', text.terminated(last ? requesterOf(last) : null, run.step));
}

/** An Agent that carries out an undoable command names the person who requested it. */
function requesterOf({ by, detail }: AuditEntry): string {
	const isObject = typeof detail === 'object' && detail !== null && !Array.isArray(detail);
	return isObject && typeof detail.askedBy === 'string' ? detail.askedBy : by;
}
