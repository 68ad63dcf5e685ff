/** How events are shown: on one line, with all fields, or as JSON. */
export const HISTORY_LOOKS = ['compact', 'full', 'json'] as const;
export type HistoryLook = (typeof HISTORY_LOOKS)[number];

/** Times since the run's start, since the previous event, or local times. */
export const HISTORY_TIMES = ['start', 'before', 'clock'] as const;
export type HistoryTime = (typeof HISTORY_TIMES)[number];

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

/** What of a history is shown, and how; kept in the URL. */
export type HistoryView = {
	look: HistoryLook;
	time: HistoryTime;
	/** Only these; empty for all. */
	kinds: readonly HistoryKind[];
	/** Only failures, timeouts and terminations. */
	failures: boolean;
	/** Only events that contain this text; empty for all. */
	text: string;
};
