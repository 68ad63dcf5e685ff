import type { Afterwards, RunOutcome } from '../../protocol';

const OUTCOME_WORDS: Record<RunOutcome, string> = {
	completed: 'completed',
	rejected: 'ended as rejected',
	expired: 'ended as expired',
	failed: 'failed',
	terminated: 'were terminated'
};

/** What runs did after a decision: `10 completed, 2 failed, 1 is under way`; null without any. */
export function afterwardsWords({ runs, active, byOutcome }: Afterwards): string | null {
	if (runs === 0) return null;
	const ends = Object.entries(OUTCOME_WORDS).flatMap(([outcome, words]) => {
		const count = byOutcome[outcome as RunOutcome] ?? 0; // a key of a record by outcome
		const verb = count === 1 ? words.replace('were', 'was') : words;
		return count > 0 ? [{ count, text: `${count.toLocaleString('en')} ${verb}` }] : [];
	});
	const parts = ends.toSorted((a, b) => b.count - a.count).map(({ text }) => text);
	if (active > 0)
		parts.push(`${active.toLocaleString('en')} ${active === 1 ? 'is' : 'are'} under way`);
	return parts.join(', ');
}

/** From how many runs that was learnt: `from 12 earlier runs`. */
export function learntFrom({ runs }: Afterwards): string {
	return `learnt from ${runs.toLocaleString('en')} earlier ${runs === 1 ? 'run' : 'runs'}`;
}
