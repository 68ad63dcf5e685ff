import type { Change, View } from '../../../protocol';
import type { ChangeSet } from '../change-set';
import type { Subscription } from './subscription';
import type { SubscriptionSources } from './subscription-sources';

const ACTIVITY_MS = 3_600_000;

type SnapshotView = Extract<
	View,
	{ kind: 'approvals' | 'activity' | 'audit' | 'run-audit' | 'summary' }
>;

/** A small list, sent whole whenever it changed. */
export class SnapshotSubscription implements Subscription {
	readonly run = null;
	readonly #view: SnapshotView;
	readonly #sources: SubscriptionSources;
	#sent = '';

	constructor(view: SnapshotView, sources: SubscriptionSources) {
		this.#view = view;
		this.#sources = sources;
	}

	changeAfter(changes: ChangeSet | 'all', now: number): Change | null {
		if (changes !== 'all' && !this.#concerns(changes)) return null;
		return this.#readIfChanged(now, changes === 'all');
	}

	changeByTime(now: number): Change | null {
		return this.#readIfChanged(now, false);
	}

	nextChangeAt(now: number): number | null {
		if (this.#view.kind !== 'approvals') return null;
		return this.#sources.fleet.nextChangeAt(this.#view.query.q ?? '', now);
	}

	#readIfChanged(now: number, isWhole: boolean): Change | null {
		const change = this.#read(now);
		const text = JSON.stringify(change);
		if (text === this.#sent && !isWhole) return null;
		this.#sent = text;
		return change;
	}

	#concerns(changes: ChangeSet): boolean {
		if (this.#view.kind === 'approvals') {
			// A query may ask of the runs that wait.
			return changes.approvals || (Boolean(this.#view.query.q) && changes.runs.size > 0);
		}
		if (this.#view.kind === 'summary') return changes.runs.size > 0 || changes.approvals;
		return this.#view.kind === 'activity' ? changes.runs.size > 0 : changes.audit;
	}

	#read(now: number): Change {
		const { fleet, audit } = this.#sources;
		switch (this.#view.kind) {
			case 'approvals':
				return { kind: 'approvals', ...fleet.inbox(this.#view.query, now) };
			case 'activity':
				return { kind: 'activity', minutes: fleet.activity(now - ACTIVITY_MS) };
			case 'audit':
				return { kind: 'audit', entries: audit.page(this.#view.query).entries };
			case 'summary':
				return { kind: 'summary', summary: { ...fleet.summary(), at: 0 } };
			case 'run-audit':
				return { kind: 'audit', entries: fleet.auditOf(this.#view) };
		}
	}
}
