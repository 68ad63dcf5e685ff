import { runKey, toRunRow, type Change, type ChangeOf, type View } from '../../../protocol';
import type { Touched } from './changes';
import type { IndexedPage } from '../run-index/run-index';
import type { Watch, WatchHost } from './watch-contract';

type Rest = Omit<ChangeOf<'runs'>, 'kind' | 'rows'>;
type RunsView = Extract<View, { kind: 'runs' }>;

const NONE: ReadonlySet<string> = new Set();

/** A page of runs, or a window on a long list of them. */
export class RunsWatch implements Watch {
	readonly run = null;
	readonly #view: RunsView;
	readonly #host: WatchHost;
	#sent: { keys: string[]; rest: string } | null = null;
	#counts = '';
	#isUncounted = false;

	get isUncounted(): boolean {
		return this.#isUncounted;
	}

	constructor(view: RunsView, host: WatchHost) {
		this.#view = view;
		this.#host = host;
	}

	next(touched: Touched | 'all', now: number): Change | null {
		if (touched !== 'all' && touched.runs.size === 0) return null;
		return this.#ask(touched === 'all' ? 'all' : touched.runs, now);
	}

	/** What time alone has changed: nothing in a row, but which rows there are. */
	age(now: number): Change | null {
		return this.#ask(NONE, now);
	}

	agesAt(now: number): number | null {
		return this.#host.fleet.nextMoment(this.#view.query.q, now);
	}

	#ask(changed: ReadonlySet<string> | 'all', now: number): Change | null {
		const { query, window } = this.#view;
		const page = this.#host.page(query, now, window);
		const rest = this.#rest(page, now);
		const before = this.#sent;
		this.#sent = { keys: page.keys, rest: JSON.stringify(rest) };
		this.#isUncounted = window !== undefined && rest.byStatus === undefined;
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
	count(now: number): Change | null {
		if (!this.#isUncounted) return null;
		this.#isUncounted = false;
		const { fleet } = this.#host;
		const terms = fleet.terms(this.#view.query.q);
		const byStatus = fleet.runs.byStatus(terms, now, 'any') ?? {};
		const change: Change = {
			kind: 'runs-counted',
			byStatus,
			total: fleet.runs.totalOf(terms, byStatus)
		};
		const text = JSON.stringify(change);
		if (text === this.#counts) return null;
		this.#counts = text;
		return change;
	}

	/** All of a change but its rows. What the tallies know goes along, what must be counted follows. */
	#rest({ total, totalExact, nextCursor, window }: IndexedPage, now: number): Rest {
		if (!window) return { total, totalExact, nextCursor };
		const { runs } = this.#host.fleet;
		const byStatus = runs.byStatus(this.#host.fleet.terms(this.#view.query.q), now, 'counted');
		return { total, totalExact, nextCursor, window, ...(byStatus ? { byStatus } : {}) };
	}
}
