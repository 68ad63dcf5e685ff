// The fleet index: everything that Agents reported, in one database, changed in one place.
import {
	type AgentPage,
	type AgentsQuery,
	type ApprovalPage,
	type ApprovalQuery,
	type AuditEntry,
	type Person,
	type Reach,
	ProblemError,
	runKey,
	type QueryTerm,
	type RunQuery,
	type RunRef,
	type RunStatus,
	type RunWindow,
	type DeletedRun,
	type TombstonesQuery,
	parseQuery,
	visibleTo
} from '../../protocol';
import { migrate } from '../db/migrations';
import { ApprovalHistory } from './approvals/approval-history';
import { countsOfAgents } from './run-index/tables/agent-tallies';
import { ApprovalIndex } from './approvals/approval-index';
import { wordsOf } from './approvals/approval-query-sql';
import { AuditLog } from './audit-log';
import { Directory } from './agent-directory';
import { Links } from './webhooks/links';
import { Notifications } from './webhooks/notification-outbox';
import { Webhooks } from './webhooks/webhooks';
import { BadCursorError, RunIndex, type IndexedPage } from './run-index/run-index';
import { tombstonePage } from './run-index/tables/tombstone-page';
import type { Removal } from './run-index/tables/run-remover';
import type { Redaction } from './redaction';
import { SavedViews } from './saved-views';
import type { ChangeSet } from './change-set';

/** How many entries the audit of one run has at most. */
const RUN_AUDIT = 200;

export class Fleet {
	readonly runs: RunIndex;
	readonly approvals: ApprovalIndex;
	readonly history: ApprovalHistory;
	readonly webhooks: Webhooks;
	readonly links: Links;
	readonly notifications: Notifications;
	readonly audit: AuditLog;
	readonly directory: Directory;
	readonly views: SavedViews;
	/** Masks what comes in. */
	readonly redaction: Redaction;
	readonly storage: DurableObjectStorage;

	constructor(storage: DurableObjectStorage, redaction: Redaction) {
		this.redaction = redaction;
		this.storage = storage;
		this.runs = new RunIndex(storage.sql);
		this.approvals = new ApprovalIndex(storage.sql);
		this.history = new ApprovalHistory(storage.sql);
		this.webhooks = new Webhooks(storage.sql);
		this.links = new Links(storage.sql);
		this.notifications = new Notifications(storage.sql, this);
		this.audit = new AuditLog(storage.sql, redaction);
		this.directory = new Directory(storage.sql);
		this.views = new SavedViews(storage.sql);
	}

	migrate(): void {
		this.runs.migrate();
		this.approvals.migrate();
		this.webhooks.migrate();
		this.notifications.migrate();
		this.links.migrate();
		this.audit.migrate();
		this.directory.migrate();
		this.views.migrate();
		this.#maskStored();
	}

	/** What was stored under other rules of masking is masked by those of now. */
	#maskStored(): void {
		const { sql } = this.storage;
		migrate(sql, 'sb_redaction', [
			'CREATE TABLE IF NOT EXISTS sb_redaction (one INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL)'
		]);
		const [known] = sql.exec('SELECT fingerprint FROM sb_redaction').toArray();
		const { fingerprint } = this.redaction;
		if (known?.['fingerprint'] === fingerprint) return;
		this.storage.transactionSync(() => {
			this.runs.rewrite((run) => this.redaction.maskRun(run));
			this.approvals.rewrite((approval) => this.redaction.maskApproval(approval));
			sql.exec('INSERT OR REPLACE INTO sb_redaction VALUES (1, ?)', fingerprint);
		});
	}

	/**
	 * Removes ended runs and leaves a tombstone of each.
	 * @param also what else is written in the same transaction, with how many runs were removed
	 */
	remove(refs: RunRef[], removal: Removal, also?: (removed: number) => void): ChangeSet {
		const changes: ChangeSet = { runs: new Set(), approvals: false, audit: false };
		this.storage.transactionSync(() => {
			const keys = this.runs.remove(refs.map(runKey), removal);
			changes.approvals = this.approvals.removeOf(keys);
			changes.runs = new Set(keys);
			also?.(keys.length);
		});
		return changes;
	}

	/** Agents that have reported, by path, with their runs by status. */
	agents({ q, limit }: AgentsQuery): AgentPage {
		const { agents, total } = this.directory.page(q, limit);
		return { agents: countsOfAgents(this.storage.sql, agents), total };
	}

	/** The runs of one Agent by status. */
	countsOf(path: string): Partial<Record<RunStatus, number>> {
		const [counted] = countsOfAgents(this.storage.sql, [{ class: '', name: '', path }]);
		return counted?.runs ?? {};
	}

	/** Who did what to a run and to its approvals, newest first. */
	auditOf(ref: RunRef): AuditEntry[] {
		const approvals = this.approvals.of(ref).map(({ id }) => id);
		return this.audit.of([runKey(ref), ...approvals], RUN_AUDIT);
	}

	/** Deleted runs, the newest first. @throws ProblemError `invalid-input`, for a foreign cursor */
	tombstones(query: TombstonesQuery): { tombstones: DeletedRun[]; nextCursor: string | null } {
		return tombstonePage(this.storage.sql, query);
	}

	/** @throws ProblemError `invalid-input`, with the place of each mistake in the query */
	terms(q: string): QueryTerm[] {
		const parsed = parseQuery(q);
		if (parsed.ok) return parsed.terms;
		const first = parsed.problems[0];
		throw new ProblemError('invalid-input', `q, at ${first?.from ?? 0}: ${first?.message}`, {
			errors: parsed.problems.map(({ message }) => ({ path: 'q', message })),
			positions: parsed.problems
		});
	}

	/**
	 * A page of approvals as `by` sees it; the query is one of runs, and asks of those that wait.
	 * @throws ProblemError `invalid-input`, for a mistake in the query or a foreign cursor
	 */
	inbox(query: ApprovalQuery, by: Person, now: number): ApprovalPage {
		const terms = this.terms(query.q ?? '');
		const ofRun = terms.filter(({ kind }) => kind !== 'text');
		const tests = this.runs.tests(ofRun, now, visibleTo(by));
		return this.approvals.page(query, by, wordsOf(terms, tests));
	}

	/**
	 * When time alone can next change what a query finds, Ms; null when it cannot.
	 * @throws ProblemError `invalid-input`, for a mistake in the query
	 */
	nextChangeAt(q: string, now: number): number | null {
		return this.runs.nextChangeAt(this.terms(q), now);
	}

	/** @throws ProblemError `invalid-input`, for a mistake in the query or a foreign cursor */
	page(
		{ q, order, limit, cursor }: RunQuery,
		{ now, window, reach }: { now: number; window?: RunWindow | undefined; reach: Reach }
	): IndexedPage {
		const terms = this.terms(q);
		try {
			return this.runs.page({ terms, order, limit, cursor, window, now, reach });
		} catch (error) {
			if (!(error instanceof BadCursorError)) throw error;
			throw new ProblemError('invalid-input', `cursor: ${error.message}`);
		}
	}
}
