// The fleet as one person sees it. Whoever has only limited roles sees their part of it, and learns
// nothing of the rest: what a handler or a subscription reads, it reads here.
import {
	exactText,
	fieldTerm,
	isWithin,
	runPlace,
	runKey,
	SYSTEM_WORKFLOWS,
	unknownRun,
	visibleTo,
	type ActivityMinute,
	type AgentPage,
	type AgentsQuery,
	type Approval,
	type ApprovalFigures,
	type ApprovalPage,
	type ApprovalQuery,
	type Around,
	type AuditEntry,
	type FiguresQuery,
	type Identity,
	type Precedent,
	type ProblemError,
	type QueryTerm,
	type Reach,
	type Run,
	type RunQuery,
	type RunRecord,
	type RunRef,
	type RunsByStatus,
	type RunWindow,
	type Summary
} from '../../protocol';
import type { Fragment } from '../db/sql';
import type { Fleet } from './fleet';
import type { Family } from './run-index/run-family';
import type { IndexedPage, Suggestion } from './run-index/run-index';
import type { SuggestQuery } from './run-index/run-suggestions';
import { totalIn } from './run-index/query/known-totals';
import { agentCountsWithin } from './run-index/runs-within';

export class VisibleFleet {
	readonly by: Identity;
	readonly reach: Reach;
	readonly #fleet: Fleet;

	constructor(fleet: Fleet, by: Identity) {
		this.#fleet = fleet;
		this.by = by;
		this.reach = visibleTo(by);
	}

	/** The run with this key; null when there is none that this person sees. */
	run(key: string): RunRecord | null {
		const record = this.#fleet.runs.get(key);
		return record && this.seesRun(record.run)
			? { ...record, run: this.withVisibleParent(record.run) }
			: null;
	}

	/** The workflow of the newest run with this id; null when there is none that this person sees. */
	workflowOf(id: string): string | null {
		const { runs } = this.#fleet.runs.page({
			terms: [fieldTerm('id', [id])],
			order: { field: 'created', direction: 'desc' },
			limit: 10,
			now: Date.now(),
			reach: this.reach
		});
		return runs.find((run) => run.id === id)?.workflow ?? null;
	}

	/** Also a run of Signalbox's own that they have started themselves. */
	seesRun(run: Run): boolean {
		return isWithin(this.reach, runPlace(run)) || this.isOwnJob(run);
	}

	/** A run of Signalbox's own that this person has started. */
	isOwnJob({ workflow, startedBySubject }: Run): boolean {
		return SYSTEM_WORKFLOWS.includes(workflow) && startedBySubject === this.by.subject;
	}

	/** A run without a parent that this person does not see. */
	withVisibleParent(run: Run): Run {
		if (this.reach === 'everywhere' || run.parent === null) return run;
		const parent = this.#fleet.runs.get(runKey(run.parent));
		return parent && this.seesRun(parent.run) ? run : { ...run, parent: null };
	}

	/** Why there is no such run; who removed it is told to those who would see it. */
	unknownRun(key: string): ProblemError {
		return unknownRun(key, this.sawRun(key) ? this.#fleet.runs.tombstone(key) : null);
	}

	/** Was there a run with this key that this person would have seen? Its Agent is not known any more. */
	sawRun(key: string): boolean {
		const workflow = key.split('/')[0] ?? '';
		return (
			this.#fleet.runs.tombstone(key) !== null && isWithin(this.reach, { workflow, agent: '' })
		);
	}

	/** @throws ProblemError `invalid-input`, for a mistake in the query or a foreign cursor */
	page(query: RunQuery, now: number, window?: RunWindow): IndexedPage {
		const page = this.#fleet.page(query, { now, window, reach: this.reach });
		return { ...page, runs: page.runs.map((run) => this.withVisibleParent(run)) };
	}

	/** As `RunIndex.byStatus`. @throws ProblemError `invalid-input` */
	byStatus(q: string, now: number, counted: 'counted' | 'any'): RunsByStatus | null {
		return this.#fleet.runs.byStatus(this.terms(q), { now, reach: this.reach, counted });
	}

	/** How many of these the query's own terms on the status let through. @throws as `byStatus` */
	totalOf(q: string, byStatus: RunsByStatus): number {
		return totalIn(byStatus, this.terms(q));
	}

	/** @throws ProblemError `invalid-input`, with the place of each mistake in the query */
	terms(q: string): QueryTerm[] {
		return this.#fleet.terms(q);
	}

	/** A query of the numbers of the runs that match. */
	matching(terms: readonly QueryTerm[], now: number): Fragment {
		return this.#fleet.runs.matching(terms, now, this.reach);
	}

	/** When time alone can next change what a query finds, Ms; null when it cannot. */
	nextChangeAt(q: string, now: number): number | null {
		return this.#fleet.nextChangeAt(q, now);
	}

	suggest(input: SuggestQuery): Suggestion[] {
		return this.#fleet.runs.suggest(input, this.reach);
	}

	familyOf(ref: RunRef): Family {
		const { ancestors, descendants } = this.#fleet.runs.familyOf(ref);
		const isHidden = ancestors.findIndex((run) => !this.seesRun(run));
		const seen = isHidden < 0 ? ancestors : ancestors.slice(0, isHidden);
		return {
			ancestors: seen.map((run) => this.withVisibleParent(run)),
			descendants: this.#below(ref, descendants)
		};
	}

	/** How many runs any of these started. */
	countChildren(refs: readonly RunRef[]): number {
		return this.#fleet.runs.countChildren(refs, this.reach);
	}

	around(ref: RunRef): Around {
		return this.#fleet.runs.around(ref, this.#fleet.approvals, this.reach);
	}

	activity(sinceMs: number): ActivityMinute[] {
		return this.#fleet.runs.activity(sinceMs, this.reach);
	}

	/** Agents that have reported, by path, with their runs by status. */
	agents(query: AgentsQuery): AgentPage {
		const { reach } = this;
		if (reach === 'everywhere') return this.#fleet.agents(query);
		const counts = agentCountsWithin(this.#fleet.storage.sql, reach);
		const sought = query.q.toLowerCase();
		const found = this.#fleet.directory
			.list()
			.map((agent) => ({ ...agent, runs: counts.get(exactText(agent.path)) }))
			.filter(({ path, runs }) => runs ?? isWithin(reach, { workflow: null, agent: path }))
			.filter(({ path }) => path.toLowerCase().includes(sought));
		const agents = found
			.slice(0, query.limit)
			.map((agent) => ({ ...agent, runs: agent.runs ?? {} }));
		return { agents, total: found.length };
	}

	/** @throws ProblemError `invalid-input`, for a mistake in the query or a foreign cursor */
	inbox(query: ApprovalQuery, now: number): ApprovalPage {
		return this.#fleet.inbox(query, this.by, now);
	}

	/** Null when there is none that this person sees. */
	approval(id: string): Approval | null {
		const approval = this.#fleet.approvals.get(id);
		return approval && isWithin(this.reach, runPlace(approval)) ? approval : null;
	}

	/** Does a link to this approval lead this person anywhere? One that is gone hides nothing. */
	seesLinked(id: string): boolean {
		return this.reach === 'everywhere' || this.approval(id) !== null;
	}

	/** The approvals of a run; none of one that is not to be seen. */
	approvalsOf(ref: RunRef): Approval[] {
		return this.run(runKey(ref)) ? this.#fleet.approvals.of(ref) : [];
	}

	precedent(approval: Approval): Precedent {
		return this.#fleet.history.precedent(approval, this.reach);
	}

	figures(query: FiguresQuery, now: number): ApprovalFigures {
		return this.#fleet.history.figures(query, now, this.reach);
	}

	/** Who did what to a run, and to its approvals; nothing of one that is not to be seen. */
	auditOf(ref: RunRef): AuditEntry[] {
		const key = runKey(ref);
		return this.run(key) || this.sawRun(key) ? this.#fleet.auditOf(ref) : [];
	}

	/** The part of the summary that this person sees. */
	summary(): Omit<Summary, 'at'> {
		const { runs, approvals } = this.#fleet;
		return {
			counts: runs.counts(this.reach),
			pendingApprovals: approvals.pending(this.reach),
			agents: this.agents({ q: '', limit: 1 }).total
		};
	}

	/** Runs below one, as long as each leads to the next: what a hidden run started stays hidden. */
	#below(ref: RunRef, descendants: readonly Run[]): Run[] {
		if (this.reach === 'everywhere') return [...descendants];
		const seen = new Set([runKey(ref)]);
		return descendants.filter((run) => {
			const isSeen = run.parent !== null && seen.has(runKey(run.parent)) && this.seesRun(run);
			if (isSeen) seen.add(runKey(run));
			return isSeen;
		});
	}
}
