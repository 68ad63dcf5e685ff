/** What people call things elsewhere; spelling distance would not find these. */
const SYNONYMS: Record<string, string> = {
	failed: 'errored',
	fail: 'errored',
	error: 'errored',
	success: 'complete',
	succeeded: 'complete',
	completed: 'complete',
	done: 'complete',
	finished: 'complete',
	cancelled: 'terminated',
	canceled: 'terminated',
	killed: 'terminated',
	stopped: 'terminated',
	pending: 'queued',
	sleeping: 'waiting',
	open: 'active',
	late: 'overdue',
	closed: 'ended'
};

/** The one of `known` that was most likely meant, or null when none is near. */
export function nearest<T extends string>(text: string, known: readonly T[]): T | null {
	const typed = text.toLowerCase();
	const synonym = known.find((word) => word === SYNONYMS[typed]);
	if (synonym) return synonym;
	const best = known
		.map((word) => ({ word, distance: distance(typed, word.toLowerCase()) }))
		.reduce((near, next) => (next.distance < near.distance ? next : near));
	return best.distance <= Math.max(1, Math.floor(best.word.length / 3)) ? best.word : null;
}

/** Levenshtein's distance, bounded to short words. */
function distance(a: string, b: string): number {
	if (a.length > 30) return a.length;
	let row = Array.from({ length: b.length + 1 }, (_, index) => index);
	for (let i = 1; i <= a.length; i += 1) {
		const next = [i];
		for (let j = 1; j <= b.length; j += 1) {
			const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
			next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
		}
		row = next;
	}
	return row[b.length] ?? 0;
}
