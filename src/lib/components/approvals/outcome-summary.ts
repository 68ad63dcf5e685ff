import { approvalsText as text } from '$lib/messages/components/approvals';
import type { Afterwards, RunOutcome } from '../../protocol';

/** What runs did after a decision: `10 completed, 2 failed, 1 still active`; null without any. */
export function outcomeSummary({ runs, active, byOutcome }: Afterwards): string | null {
	if (runs === 0) return null;
	const ended = Object.entries(text.ended)
		.map(([outcome, describe]) => {
			const count = byOutcome[outcome as RunOutcome] ?? 0; // a key of a record by outcome
			return { count, text: describe(count) };
		})
		.filter(({ count }) => count > 0)
		.toSorted((a, b) => b.count - a.count)
		.map((end) => end.text);
	return [...ended, ...(active > 0 ? [text.active(active)] : [])].join(', ');
}
