import type { UndoableCommand } from '$lib/protocol';

/** What is about to happen to a run, and by whose wish. */
export function heldWords({ action, from, rollback, by }: UndoableCommand): {
	what: string;
	who: string;
} {
	const place = from ? ` from ${from.name}` : '';
	const how = rollback ? ' with a rollback' : '';
	const what = action === 'terminate' ? `Terminating${how}` : `Restarting${place}`;
	return { what, who: `asked for by ${by}` };
}
