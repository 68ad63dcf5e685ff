// What people did to a run, as the audit has it, in a sentence.
import type { AuditEntry } from '$lib/protocol';
import { say, since, type Standing, type StandingFacts } from './standing-words';

/** It is paused: by whom, since when and where. */
export function pausedAt(facts: StandingFacts): Standing {
	const { run, timeline, now } = facts;
	const pause = timeline.pauses.at(-1);
	const by = lastPause(facts.audit);
	const who = by === null ? '' : ` by ${by}`;
	const how = pause ? ` for ${since(pause.from, now)}` : '';
	const where = run.step === null ? '' : `, at ${run.step}`;
	return say('paused', `Paused${who}${how}${where}. It takes no step until it is resumed.`, {
		kind: 'action',
		action: 'resume'
	});
}

/** Who paused it; null when that was not done here, or was followed by a resume. */
export function lastPause(audit: readonly AuditEntry[]): string | null {
	const last = audit.find(
		({ action, result }) => result === 'done' && (action === 'run.pause' || action === 'run.resume')
	);
	return last?.action === 'run.pause' ? last.by : null;
}

/** It was terminated: by whom and where. */
export function terminatedAt({ run, audit }: StandingFacts): Standing | null {
	const last = audit.find(({ action, result }) => action === 'run.terminate' && result === 'done');
	const who = last ? ` by ${wisherOf(last)}` : '';
	if (run.step === null && who === '') return null;
	const where = run.step === null ? '' : ` at ${run.step}`;
	return say('stopped', `It was terminated${who}${where}.`);
}

/** Who wanted what an entry tells of: an Agent that carried a held command out says for whom. */
function wisherOf({ by, detail }: AuditEntry): string {
	const isObject = typeof detail === 'object' && detail !== null && !Array.isArray(detail);
	return isObject && typeof detail.askedBy === 'string' ? detail.askedBy : by;
}
