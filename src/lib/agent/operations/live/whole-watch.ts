import type { Change, Identity, View } from '../../../protocol';
import type { Touched } from './changes';
import type { Watch, WatchHost } from './watch-contract';

const ACTIVITY_MS = 3_600_000;

type WholeView = Extract<View, { kind: 'approvals' | 'activity' | 'audit' | 'run-audit' }>;

/** Something small, sent whole whenever it changed. */
export class WholeWatch implements Watch {
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
