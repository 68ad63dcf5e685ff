import { runKey, toRunRow, type Change, type ChangeOf, type View } from '../../../protocol';
import type { ChangeSet } from '../change-set';
import type { IndexedPage } from '../run-index/run-index';
import type { Subscription } from './subscription';
import type { SubscriptionSources } from './subscription-sources';

type Rest = Omit<ChangeOf<'runs'>, 'kind' | 'rows'>;
type RunsView = Extract<View, { kind: 'runs' }>;

const NONE: ReadonlySet<string> = new Set();

/** A page of runs, or a window of a long list. */
export class RunListSubscription implements Subscription {
	readonly run = null;
	readonly #view: RunsView;
	readonly #sources: SubscriptionSources;
	#sent: { keys: string[]; rest: string } | null = null;
	#counts = '';
	#hasPendingCounts = false;

	get hasPendingCounts(): boolean {
		return this.#hasPendingCounts;
	}

	constructor(view: RunsView, sources: SubscriptionSources) {
		this.#view = view;
		this.#sources = sources;
	}

	changeAfter(changes: ChangeSet | 'all', now: number): Change | null {
		if (changes !== 'all' && changes.runs.size === 0) return null;
		return this.#readChange(changes === 'all' ? 'all' : changes.runs, now);
	}

	/** What time alone has changed: nothing in a row, but which rows there are. */
	changeByTime(now: number): Change | null {
		return this.#readChange(NONE, now);
	}

	nextChangeAt(now: number): number | null {
		return this.#sources.fleet.nextChangeAt(this.#view.query.q, now);
	}

	#readChange(changed: ReadonlySet<string> | 'all', now: number): Change | null {
		const { query, window } = this.#view;
		const page = this.#sources.pages.readPage(this.#sources.fleet, query, now, window);
		const rest = this.#rest(page, now);
		const before = this.#sent;
		this.#sent = { keys: page.keys, rest: JSON.stringify(rest) };
		this.#hasPendingCounts = window !== undefined && rest.byStatus === undefined;
		if (changed === 'all' || !before) {
			return { kind: 'runs', rows: page.runs.map(toRunRow), ...rest };
		}
		const known = new Set(before.keys);
		const rows = page.runs
			.filter((run) => changed.has(runKey(run)) || !known.has(runKey(run)))
			.map(toRunRow);
		const { keys } = page;
		const moved =
			keys.length !== before.keys.length || keys.some((key, at) => key !== before.keys[at]);
		if (rows.length === 0 && !moved && this.#sent.rest === before.rest) return null;
		return { kind: 'runs-changed', rows, ...(moved ? { keys } : {}), ...rest };
	}

	/** Counts what only a walk over all matching runs can tell. */
	countChange(now: number): Change | null {
		if (!this.#hasPendingCounts) return null;
		this.#hasPendingCounts = false;
		const { fleet } = this.#sources;
		const { q } = this.#view.query;
		const byStatus = fleet.byStatus(q, now, 'any') ?? {};
		const change: Change = { kind: 'runs-counted', byStatus, total: fleet.totalOf(q, byStatus) };
		const text = JSON.stringify(change);
		if (text === this.#counts) return null;
		this.#counts = text;
		return change;
	}

	/** All of a change but its rows. What the tallies know goes along, what must be counted follows. */
	#rest({ total, totalExact, nextCursor, window }: IndexedPage, now: number): Rest {
		if (!window) return { total, totalExact, nextCursor };
		const byStatus = this.#sources.fleet.byStatus(this.#view.query.q, now, 'counted');
		return { total, totalExact, nextCursor, window, ...(byStatus ? { byStatus } : {}) };
	}
}
