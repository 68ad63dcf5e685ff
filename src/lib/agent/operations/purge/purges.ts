// Purges: previewed, which stores their set; confirmed; and carried out by the PURGE workflow.
import {
	ENDED_STATUSES,
	isEnded,
	ProblemError,
	runKey,
	toRunRow,
	type Identity,
	type InputOf,
	type KeptReason,
	type PurgeCriteria,
	type PurgePreview,
	type PurgeSettings,
	type PurgeState,
	type PurgeView,
	type Run,
	type RunRef
} from '../../../protocol';
import { purgeText } from '../../../messages/server/purge';
import type { MonitoredAgent } from '../../monitored-types';
import type { Fleet } from '../fleet';
import type { RunRequests } from '../runs/run-requests';
import { countForPurge, sampleForPurge } from './purge-select';
import { progressOf } from './purge-progress';
import type { PurgeStore, StoredPurge } from './purge-store';
import { purgeNotices, purgeTerms } from './purge-terms';

/** How long a preview can be started, Ms. */
const PREVIEW_MS = 3_600_000;
const SAMPLE = 10;
/** A policy that would delete more of all ended runs needs an approval, unless they are few. */
const NEARLY_ALL = 0.9;
const FEW_RUNS = 20;

export type PurgesParts = {
	storage: Pick<DurableObjectStorage, 'sql' | 'transactionSync'>;
	fleet: Fleet;
	store: PurgeStore;
	runs: RunRequests;
	agent: Pick<MonitoredAgent, 'runWorkflow'>;
	settings: PurgeSettings;
};

/** On whose behalf a purge is made: a person, or a retention policy. */
export type PurgeAuthor = Pick<Identity, 'name' | 'subject'> & { policy?: string };

/** What is confirmed, for the run that carries it out. */
export type PurgeBeginning = Pick<StoredPurge, 'counts' | 'by' | 'policy'> & {
	needsApproval: boolean;
};

/** A purge and how it stands. */
export type FoundPurge = {
	total: number;
	isPreview: boolean;
	isGoingOn: boolean;
	view: PurgeView;
};

export class Purges {
	readonly #parts: PurgesParts;

	constructor(parts: PurgesParts) {
		this.#parts = parts;
	}

	/**
	 * Counts what a purge would delete, and stores the set.
	 * @throws ProblemError `invalid-input`
	 */
	preview(
		criteria: PurgeCriteria,
		by: PurgeAuthor,
		{ id = newId(), minAgeMs = 0 }: { id?: string | undefined; minAgeMs?: number } = {}
	): PurgePreview {
		const { fleet, storage, store, settings } = this.#parts;
		const now = Date.now();
		const asOf = Math.min(criteria.asOf ?? now, now);
		const limits = { asOf, endedBefore: now - Math.max(minAgeMs, settings.minAgeMs) };
		const matching = fleet.runs.matching(purgeTerms(criteria), asOf);
		const counted = countForPurge(storage.sql, matching, limits);
		const notices = purgeNotices(criteria, counted, now);
		const counts = { ...counted, notices };
		const { name, subject, policy = null } = by;
		storage.transactionSync(() => {
			this.#settle();
			store.trim({ previews: now - PREVIEW_MS, ended: now - settings.tombstoneMs });
			store.add({ id, at: now, by: name, subject, policy, criteria, limits, counts }, matching);
		});
		const sample = sampleForPurge(storage.sql, matching, limits, SAMPLE).flatMap((key) => {
			const record = fleet.runs.get(key);
			return record ? [toRunRow(record.run)] : [];
		});
		return {
			...{ id, asOf, expiresAt: now + PREVIEW_MS, ...counts, sample },
			needsApproval: this.#needsApproval(counts.total, policy)
		};
	}

	/**
	 * Starts what a preview lists, or what matches now, and returns the id of the purge's run.
	 * @throws ProblemError `invalid-input`, `not-found`, `wrong-state`
	 */
	async start(input: InputOf<'purge.start'>, by: PurgeAuthor): Promise<string> {
		const { criteria, preview, total, instances = false } = input;
		const id = preview ?? (criteria ? this.preview(criteria, by).id : '');
		const purge = this.#purge(id);
		if (purge.state !== 'previewed') {
			throw new ProblemError('wrong-state', purgeText.alreadyStarted(id));
		}
		if (total !== undefined && total !== purge.counts.total) {
			throw new ProblemError('invalid-input', purgeText.otherTotal(purge.counts.total, total));
		}
		this.#parts.store.start(purge, by, instances);
		try {
			await this.#startWorkflow(this.#purge(id));
		} catch (error) {
			this.#parts.store.unstart(purge);
			throw error;
		}
		return id;
	}

	/** Starts purges again that a crash kept from beginning, and ends those whose run has ended. */
	async resume(): Promise<void> {
		this.#settle();
		for (const purge of this.#parts.store.unended()) {
			if (this.#run(purge)) continue;
			try {
				await this.#startWorkflow(purge);
			} catch {
				// Its run exists, or the engine is away; the next life of the Agent tries again.
			}
		}
	}

	/** @throws ProblemError `not-found` */
	get(id: string): PurgeView {
		return this.#view(this.#purge(id));
	}

	list(limit: number): PurgeView[] {
		return this.#parts.store.list(limit).map((purge) => this.#view(purge));
	}

	/** A purge by its id, for the policy that it belongs to; null when there is none. */
	find(id: string): FoundPurge | null {
		const purge = this.#parts.store.get(id);
		if (!purge || isExpired(purge)) return null;
		const view = this.#view(purge);
		const isGoingOn = ['starting', 'waiting', 'running', 'paused'].includes(view.state);
		return { total: purge.counts.total, isPreview: view.state === 'previewed', isGoingOn, view };
	}

	/** A preview whose runs can be exported. @throws ProblemError `not-found`, `wrong-state` */
	exportable(id: string): StoredPurge {
		const purge = this.#purge(id);
		const state = this.#stateOf(purge);
		if (purge.deleted > 0 || !['previewed', 'starting', 'waiting'].includes(state)) {
			throw new ProblemError('wrong-state', purgeText.exportTooLate);
		}
		return purge;
	}

	/** Pauses a purge, or resumes it. @throws ProblemError `not-found`, `wrong-state` */
	async pause(id: string, action: 'pause' | 'resume'): Promise<PurgeView> {
		if (this.#purge(id).state === 'previewed') {
			throw new ProblemError('wrong-state', purgeText.notStarted);
		}
		await this.#parts.runs.control(action, { workflow: 'PURGE', id });
		return this.get(id);
	}

	/** Stops a purge before its next runs. @throws ProblemError `not-found`, `wrong-state` */
	async abort(id: string, by: Identity): Promise<PurgeView> {
		const { store, runs } = this.#parts;
		const purge = this.#purge(id);
		if (purge.abortedBy !== null) {
			const at = new Date(purge.abortedAt ?? 0).toISOString();
			throw new ProblemError('wrong-state', purgeText.alreadyAborted(purge.abortedBy, at));
		}
		if (purge.state === 'previewed') throw new ProblemError('wrong-state', purgeText.notStarted);
		const state = this.#stateOf(purge);
		if (state !== 'starting' && !['waiting', 'running', 'paused'].includes(state)) {
			throw new ProblemError('wrong-state', purgeText.alreadyEnded);
		}
		store.abort(purge, by.name);
		const ref = { workflow: 'PURGE', id };
		// A paused purge would never end, and one that waits for its approval neither.
		if (state === 'paused') await runs.control('resume', ref);
		if (state === 'waiting') await runs.terminate(ref, by);
		return this.get(id);
	}

	/** @throws ProblemError `wrong-state` when a purge is deleting the run at this moment */
	requireNotBeingDeleted(ref: RunRef): void {
		const key = runKey(ref);
		if (!this.#parts.store.isBeingDeleted(key)) return;
		this.#settle();
		if (!this.#parts.store.isBeingDeleted(key)) return;
		throw new ProblemError('wrong-state', purgeText.beingDeleted);
	}

	/** What the run of a purge has to know before it deletes. @throws ProblemError `not-found` */
	beginning(id: string, criteria: PurgeCriteria): PurgeBeginning {
		this.takeOver(id, criteria);
		const { counts, by, policy } = this.#purge(id);
		return { counts, needsApproval: this.#needsApproval(counts.total, policy), by, policy };
	}

	/** A purge that an earlier version started has its criteria alone, and what matches now as its set. */
	takeOver(id: string, criteria: PurgeCriteria): void {
		const { store } = this.#parts;
		if (store.get(id)) return;
		const by = this.#parts.fleet.runs.get(runKey({ workflow: 'PURGE', id }))?.run.startedBy;
		const author = { name: by ?? 'signalbox', subject: 'signalbox' };
		this.preview(criteria, author, { id });
		store.start(this.#purge(id), author, false);
	}

	async #startWorkflow({ id, by, subject, policy, criteria, counts, ...rest }: StoredPurge) {
		const { total } = counts;
		const params = { criteria, total, policy, instances: rest.instances };
		await this.#parts.agent.runWorkflow('PURGE', params, {
			...{ id, startedBy: by, startedBySubject: subject },
			metadata: { by, runs: total, ...(policy === null ? {} : { policy }) }
		});
	}

	/** Ends the purges whose run has ended otherwise: it failed or was terminated. */
	#settle(): void {
		for (const purge of this.#parts.store.unended()) {
			const run = this.#run(purge);
			if (run && isEnded(run.status)) this.#parts.store.end(purge);
		}
	}

	/** A policy needs it also where it would delete nearly everything: its query may be a mistake. */
	#needsApproval(total: number, policy: string | null): boolean {
		const { approvalAbove } = this.#parts.settings;
		if (approvalAbove === null) return false;
		if (total > approvalAbove) return true;
		if (policy === null || total < FEW_RUNS) return false;
		const counts = this.#parts.fleet.runs.counts();
		const ended = ENDED_STATUSES.reduce((all, status) => all + (counts[status] ?? 0), 0);
		return total > NEARLY_ALL * ended;
	}

	#purge(id: string): StoredPurge {
		const purge = this.#parts.store.get(id);
		if (purge && !isExpired(purge)) return purge;
		throw new ProblemError('not-found', purgeText.unknownPurge(id));
	}

	#run({ id }: StoredPurge): Run | null {
		return this.#parts.fleet.runs.get(runKey({ workflow: 'PURGE', id }))?.run ?? null;
	}

	#stateOf(purge: StoredPurge): PurgeState {
		if (purge.state === 'previewed') return 'previewed';
		const run = this.#run(purge);
		if (run && isEnded(run.status) && run.status !== 'complete') {
			if (purge.abortedBy !== null) return 'aborted';
			return run.outcome === 'rejected' || run.outcome === 'expired' ? 'rejected' : 'failed';
		}
		if (purge.state === 'ended') return purge.abortedBy === null ? 'done' : 'aborted';
		if (!run) return 'starting';
		if (run.status === 'paused' || run.status === 'waitingForPause') return 'paused';
		return run.status === 'waiting' ? 'waiting' : 'running';
	}

	#view(purge: StoredPurge): PurgeView {
		const { id, criteria, by, at, policy, counts, deleted, outcome, endedAt, abortedBy } = purge;
		const state = this.#stateOf(purge);
		const kept = Object.entries(outcome.kept).map(([reason, runs]) => ({
			reason: reason as KeptReason, // keys of the outcome
			runs
		}));
		const failed = Object.entries(outcome.failed).map(([agent, each]) => ({ agent, ...each }));
		const pace = state === 'running' ? progressOf(this.#run(purge)?.progress) : null;
		return {
			...{ id, state, criteria, by, at, policy, counts, deleted, kept, failed, abortedBy },
			instances: purge.instances ? outcome.instances : null,
			perSecond: pace?.perSecond ?? null,
			leftMs: pace?.leftMs ?? null,
			endedAt
		};
	}
}

/** Is it a preview that can no longer be started? */
function isExpired({ state, at }: StoredPurge): boolean {
	return state === 'previewed' && at < Date.now() - PREVIEW_MS;
}

function newId(): string {
	return `wf_${crypto.randomUUID().replaceAll('-', '').slice(0, 20)}`;
}
