/** How events are written: one line each, with all that they say, or as JSON. */
export const HISTORY_LOOKS = ['compact', 'full', 'json'] as const;
export type HistoryLook = (typeof HISTORY_LOOKS)[number];

/** What a time is counted from: the run's beginning, the event before, or it is the clock's. */
export const HISTORY_TIMES = ['start', 'before', 'clock'] as const;
export type HistoryTime = (typeof HISTORY_TIMES)[number];

/** What events are about. */
export const HISTORY_KINDS = [
	'workflow',
	'step',
	'attempt',
	'sleep',
	'wait',
	'rollback',
	'other'
] as const;
export type HistoryKind = (typeof HISTORY_KINDS)[number];

/** What of a history is shown, and how: the page keeps it in its address. */
export type HistoryView = {
	look: HistoryLook;
	time: HistoryTime;
	/** Only these; none chosen for all. */
	kinds: readonly HistoryKind[];
	/** Only failures, timeouts and terminations. */
	failures: boolean;
	/** Only events that hold this text; empty for all. */
	text: string;
};
