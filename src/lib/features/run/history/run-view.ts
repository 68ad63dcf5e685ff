// The state of a run page that is stored in its URL.
import {
	HISTORY_KINDS,
	HISTORY_LOOKS,
	HISTORY_TIMES,
	type HistoryView
} from '$lib/components/history/history-view';
import type { TimelineState } from '$lib/components/timeline/model/timeline-state';
import type { ParamChanges } from '$lib/features/search-params';

/** The selection, which the timeline and the history share. */
export type Selection = {
	/** The key of a row or a group. */
	step: string | null;
	attempt: number | null;
	event: number | null;
};

export type RunView = {
	tab: 'timeline' | 'history';
	selection: Selection;
	timeline: TimelineState;
	history: HistoryView;
};

/** Reads the URL. Invalid values are ignored. */
export function readRunView(params: URLSearchParams): RunView {
	const step = params.get('step');
	return {
		tab: params.get('tab') === 'history' ? 'history' : 'timeline',
		selection: { step, attempt: numberIn(params, 'attempt'), event: numberIn(params, 'event') },
		timeline: {
			selected: step,
			range: params.get('range'),
			open: new Set(params.getAll('open')),
			unfolded: new Set(params.getAll('unfold').map(Number).filter(Number.isFinite)),
			find: params.get('find') ?? '',
			withSdk: params.has('sdk')
		},
		history: {
			look: oneOf(HISTORY_LOOKS, params.get('look')),
			time: oneOf(HISTORY_TIMES, params.get('time')),
			kinds: HISTORY_KINDS.filter((kind) => params.getAll('kind').includes(kind)),
			failures: params.has('failures'),
			text: params.get('text') ?? ''
		}
	};
}

export function timelineParams(change: Partial<TimelineState>): ParamChanges {
	const { selected, range, open, unfolded, find, withSdk } = change;
	return {
		...(selected === undefined ? {} : { step: selected, attempt: null, event: null }),
		...(range === undefined ? {} : { range }),
		...(open === undefined ? {} : { open: [...open] }),
		...(unfolded === undefined ? {} : { unfold: [...unfolded].map(String) }),
		...(find === undefined ? {} : { find }),
		...(withSdk === undefined ? {} : { sdk: withSdk ? '1' : null })
	};
}

export function historyParams(change: Partial<HistoryView>): ParamChanges {
	const { look, time, kinds, failures, text } = change;
	return {
		...(look === undefined ? {} : { look: look === HISTORY_LOOKS[0] ? null : look }),
		...(time === undefined ? {} : { time: time === HISTORY_TIMES[0] ? null : time }),
		...(kinds === undefined ? {} : { kind: kinds }),
		...(failures === undefined ? {} : { failures: failures ? '1' : null }),
		...(text === undefined ? {} : { text })
	};
}

export function selectionParams({ step, attempt, event }: Selection): ParamChanges {
	return { step, attempt: textOf(attempt), event: textOf(event) };
}

/**
 * A link to a step, attempt, event or time range. It names the generation, so that it survives a
 * restart, and leaves out filters and zoom.
 */
export function runLink(
	page: URL,
	generation: number,
	to: Partial<Selection> & { range?: string }
): string {
	const link = new URL(page.pathname, page.origin);
	const { step, attempt, event, range } = to;
	if (event) link.searchParams.set('tab', 'history');
	link.searchParams.set('generation', String(generation));
	const values = { step, attempt, event, range };
	for (const [name, value] of Object.entries(values)) {
		if (value !== undefined && value !== null) link.searchParams.set(name, String(value));
	}
	return link.href;
}

function numberIn(params: URLSearchParams, name: string): number | null {
	const text = params.get(name) ?? '';
	return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function oneOf<T extends string>(all: readonly [T, ...T[]], text: string | null): T {
	return all.find((one) => one === text) ?? all[0];
}

const textOf = (number: number | null) => (number === null ? null : String(number));
