// One thing that one connection looks at. A watch knows what it sent last, and from that and what
// changed since it makes the smallest change that brings the other side up to date.
import {
	capJson,
	knownEvent,
	ProblemError,
	runKey,
	toRunRow,
	unknownRun,
	type Change,
	type Identity,
	type Problem,
	type RunEvent,
	type RunRef,
	type RunRow,
	type View
} from '../../protocol';
import type { ShownRun } from '../monitor/calls';
import { ApprovalWatch } from './approval-watch';
import type { Fleet } from './fleet';
import type { Touched } from './touched';
import { AgentsWatch } from './agents-watch';
import type { ShownPart } from './run-readers';
import { RunsWatch } from './runs-watch';
import type { ViewCounter } from './view-counts';
import { ViewsWatch } from './views-watch';

/** A step's output longer than this is fetched over HTTP when it is looked at, bytes. */
const OUTPUT_BYTES = 32_768;
/** A long history is sent in parts of so many events, so that a page draws the first ones at once. */
const EVENTS_A_PART = 2_000;
const ACTIVITY_MS = 3_600_000;

export type WatchHost = {
	fleet: Fleet;
	/** Reads a run's events, and what is known beside them, from its Agent. */
	show: (ref: RunRef, part: ShownPart) => Promise<ShownRun>;
	counts: ViewCounter;
	/** A page of runs; those who are told at once and look at the same share it. */
	page: Fleet['page'];
	/** Names of the others who look at an approval now. */
	othersAt: (approval: string) => string[];
};

/** Makes the changes of one watch. The first one is all of it. */
export interface Watch {
	/** What is still to be counted of what was sent, which went ahead; null for nothing. */
	count?(now: number): Change | null;
	/** Is there something to count, whether rows were sent or not? */
	readonly isUncounted?: boolean;
	/** What to send after these changes; null for nothing. Never rejects with a problem. */
	next(touched: Touched | 'all', now: number): Change | null | Promise<Change | null>;
	/** What time alone has changed of what was sent; null for nothing. */
	age?(now: number): Change | null;
	/** When that can be next, Ms; null for never. */
	agesAt?(now: number): number | null;
	/** Is there more to send, which was left for the next change? Then it is asked for at once. */
	readonly isPartial?: boolean;
	/** The queries of saved views whose counts are looked at. */
	readonly queries?: readonly string[];
	/** The run whose tail is to stay attached while this watch lasts. */
	readonly run: RunRef | null;
}

/** Makes the watch of a view, as somebody sees it. */
export function watchOf(view: View, host: WatchHost, by: Identity): Watch {
	switch (view.kind) {
		case 'runs':
			return new RunsWatch(view, host);
		case 'run':
			return new RunWatch(view, host);
		case 'approval':
			return new ApprovalWatch(view, host);
		case 'approvals':
		case 'activity':
		case 'audit':
		case 'run-audit':
			return new WholeWatch(view, host, by);
		case 'agents':
			return new AgentsWatch(view, host);
		case 'views':
			return new ViewsWatch(view, host, by);
	}
}

/** One run with its history. */
class RunWatch implements Watch {
	readonly run: RunRef;
	readonly #host: WatchHost;
	#sent: { generation: number; cursor: number; trailAt: number } | null = null;
	#isPartial = false;
	/** The family as it was sent last, and how many runs it has started. */
	#known = { text: '', keys: [] as string[], below: [] as RunRef[], children: 0 };

	get isPartial(): boolean {
		return this.#isPartial;
	}

	constructor({ workflow, id }: Extract<View, { kind: 'run' }>, host: WatchHost) {
		this.run = { workflow, id };
		this.#host = host;
	}

	async next(touched: Touched | 'all'): Promise<Change | null> {
		const { fleet } = this.#host;
		const key = runKey(this.run);
		if (touched !== 'all' && !this.#concerns(touched)) return null;
		const record = fleet.runs.get(key);
		if (!record) return this.#sent ? { kind: 'run-gone' } : this.#unknown(key);
		const { generation } = record.run;
		const afresh = touched === 'all' || this.#sent?.generation !== generation;
		const after = afresh ? 0 : (this.#sent?.cursor ?? 0);
		const trailAfter = afresh ? 0 : (this.#sent?.trailAt ?? 0);
		const limit = EVENTS_A_PART;
		const shown = await this.#show({ after, trailAfter, generation, limit });
		const read = shown?.events ?? [];
		const trailAt = shown?.trail.at(-1)?.at ?? trailAfter;
		this.#sent = { generation, cursor: read.at(-1)?.eventId ?? after, trailAt };
		this.#isPartial = read.length === EVENTS_A_PART;
		const body = {
			run: record.run,
			exact: record.exact,
			events: read.map(capped),
			...this.#family(afresh),
			approvals: fleet.approvals.of(this.run),
			...(shown && { held: shown.held, trail: shown.trail })
		};
		return afresh
			? { kind: 'run', children: [], ancestors: [], ...body }
			: { kind: 'run-changed', ...body };
	}

	/** The run itself, one of its family, or a new one in it. */
	#concerns(touched: Touched): boolean {
		const own = [runKey(this.run), ...this.#known.keys];
		if (own.some((key) => touched.runs.has(key))) return true;
		return (
			this.#host.fleet.runs.countChildren([this.run, ...this.#known.below]) !== this.#known.children
		);
	}

	/** The family, where it is another than was sent last. */
	#family(afresh: boolean): { children: RunRow[]; ancestors: RunRow[] } | null {
		const { runs } = this.#host.fleet;
		const family = runs.familyOf(this.run);
		const children = family.descendants.map(toRunRow);
		const ancestors = family.ancestors.map(toRunRow);
		const text = JSON.stringify([children, ancestors]);
		if (text === this.#known.text && !afresh) return null;
		this.#known = {
			text,
			keys: [...children, ...ancestors].map(runKey),
			below: children.map(({ workflow, id }) => ({ workflow, id })),
			children: runs.countChildren([this.run, ...children])
		};
		return { children, ancestors };
	}

	async #show(part: ShownPart): Promise<ShownRun | null> {
		try {
			return await this.#host.show(this.run, part);
		} catch (error) {
			// The Agent is away: what the index knows is shown, and the next change reads on.
			if (error instanceof ProblemError) return null;
			throw error;
		}
	}

	#unknown(key: string): Change {
		return refused(unknownRun(key, this.#host.fleet.runs.tombstone(key)).problem);
	}
}

type WholeView = Extract<View, { kind: 'approvals' | 'activity' | 'audit' | 'run-audit' }>;

/** Something small, sent whole whenever it changed. */
class WholeWatch implements Watch {
	readonly run = null;
	readonly #view: WholeView;
	readonly #host: WatchHost;
	readonly #by: Identity;
	#sent = '';

	constructor(view: WholeView, host: WatchHost, by: Identity) {
		this.#view = view;
		this.#host = host;
		this.#by = by;
	}

	next(touched: Touched | 'all', now: number): Change | null {
		if (touched !== 'all' && !this.#concerns(touched)) return null;
		return this.#ask(now, touched === 'all');
	}

	age(now: number): Change | null {
		return this.#ask(now, false);
	}

	agesAt(now: number): number | null {
		if (this.#view.kind !== 'approvals') return null;
		return this.#host.fleet.nextMoment(this.#view.query.q ?? '', now);
	}

	#ask(now: number, isAfresh: boolean): Change | null {
		const change = this.#read(now);
		const text = JSON.stringify(change);
		if (text === this.#sent && !isAfresh) return null;
		this.#sent = text;
		return change;
	}

	#concerns(touched: Touched): boolean {
		if (this.#view.kind === 'approvals') {
			// A query may ask of the runs that wait.
			return touched.approvals || (Boolean(this.#view.query.q) && touched.runs.size > 0);
		}
		return this.#view.kind === 'activity' ? touched.runs.size > 0 : touched.audit;
	}

	#read(now: number): Change {
		const { fleet } = this.#host;
		switch (this.#view.kind) {
			case 'approvals': {
				return { kind: 'approvals', ...fleet.inbox(this.#view.query, this.#by, now) };
			}
			case 'activity':
				return { kind: 'activity', minutes: fleet.runs.activity(now - ACTIVITY_MS) };
			case 'audit':
				return { kind: 'audit', entries: fleet.audit.page(this.#view.query).entries };
			case 'run-audit':
				return { kind: 'audit', entries: fleet.auditOf(this.#view) };
		}
	}
}

/** What a watch answers when it cannot be served at all. */
export function refused(problem: Problem): Change {
	return { kind: 'refused', problem };
}

function capped(given: RunEvent): RunEvent {
	const event = knownEvent(given);
	if (!event) return given;
	if (event.type === 'step_completed' || event.type === 'workflow_completed') {
		return event.output === undefined
			? event
			: { ...event, output: capJson(event.output, OUTPUT_BYTES) };
	}
	if (event.type === 'workflow_started' && event.params !== undefined) {
		return { ...event, params: capJson(event.params, OUTPUT_BYTES) };
	}
	return event;
}
