// Every request, whichever door it came in by: parsed, checked against the table of roles, carried
// out, and written to the audit when it changes something, done or refused.
import {
	capJson,
	CHANGING,
	invalid,
	ProblemError,
	refusal,
	requestSchema,
	runKey,
	toJson,
	type Answer,
	type Approval,
	type Identity,
	type Json,
	type Problem,
	type Request,
	type RequestOf,
	type Run,
	type SavedView
} from '../../protocol';
import type { AgentCalls } from './agent-calls';
import type { Fleet, Touched } from './fleet';
import { purgeTerms } from './purge-plan';
import type { Purges } from './purges';
import type { RunRequests, WorkflowCatalogue } from './run-requests';
import type { ViewCounter } from './view-counts';

export type RequestsHost = {
	fleet: Fleet;
	counts: ViewCounter;
	agents: AgentCalls;
	catalogue: () => WorkflowCatalogue;
	runs: RunRequests;
	purges: Purges;
	/** The Operations agent's own path, where purges run. */
	own: () => string;
	/** Something changed that live views show. */
	changed: (touched: Touched) => void;
};

/** A value of a request that is longer than this is not kept in the audit, bytes. */
const DETAIL_BYTES = 2_000;

export class Requests {
	readonly #host: RequestsHost;

	constructor(host: RequestsHost) {
		this.#host = host;
	}

	/** Answers a request of a person. Problems are answers; it rejects only when we are broken. */
	async answer(by: Identity, input: unknown): Promise<Answer<unknown>> {
		const parsed = requestSchema.safeParse(input);
		if (!parsed.success) return { ok: false, problem: named(invalid(parsed.error)) };
		const request = parsed.data;
		const refused = refusal(request.type, by);
		const answered: Answer<unknown> = refused
			? { ok: false, problem: refused }
			: await this.#attempt(request, by);
		if (CHANGING[request.type]) this.#record(request, by, answered);
		return answered;
	}

	async #attempt(request: Request, by: Identity): Promise<Answer<unknown>> {
		try {
			return { ok: true, value: await this.#perform(request, by) };
		} catch (error) {
			if (error instanceof ProblemError) return { ok: false, problem: error.problem };
			throw error;
		}
	}

	async #perform(request: Request, by: Identity): Promise<unknown> {
		const { fleet, agents, catalogue, counts, runs } = this.#host;
		switch (request.type) {
			case 'workflows.list':
				return catalogue().list();
			case 'runs.list': {
				const { keys: _keys, ...page } = fleet.page(request.query, Date.now());
				return page;
			}
			case 'runs.suggest':
				return fleet.runs.suggest(request);
			case 'runs.export':
				fleet.terms(request.query.q); // refuses a query that is not one; the file comes as a stream
				return null;
			case 'run.get':
				return runs.get(request);
			case 'run.events':
				return runs.events(request);
			case 'run.start':
				return runs.start(request, by);
			case 'run.adopt':
				return runs.adopt(request, by);
			case 'run.pause':
				return runs.control('pause', request);
			case 'run.resume':
				return runs.control('resume', request);
			case 'run.terminate':
				return runs.terminate(request, by);
			case 'run.restart':
				return runs.restart(request, by);
			case 'run.undo':
				return runs.undo(request, by);
			case 'run.send-event':
				return runs.sendEvent(request);
			case 'run.delete':
				return runs.delete(request, by);
			case 'approvals.list':
				return fleet.approvals.page(request.query);
			case 'approval.get':
				return this.#approval(request.id);
			case 'approval.decide': {
				const approval = this.#approval(request.id);
				return agents.call<'decide'>(approval.agent.path, {
					type: 'decide',
					approvalId: request.id,
					decision: request.decision,
					by: by.name
				});
			}
			case 'purge.preview':
				return fleet.runs.previewPurge(purgeTerms(request.criteria), Date.now());
			case 'purge.start':
				return this.#purge(request, by);
			case 'audit.list':
				return fleet.audit.page(request.query);
			case 'views.list':
				return { views: await counts.countEach(fleet.views.of(by)) };
			case 'view.save':
				fleet.terms(request.view.q); // refuses a query that is not one
				return fleet.views.save(request.id, request.view, by, Date.now());
			case 'view.delete':
				fleet.views.delete(request.id, by);
				return { deleted: true };
			case 'view.pin':
				return fleet.views.pin(request.id, request.pinned, by);
			case 'fleet.reindex':
				return this.#reindex();
		}
	}

	async #purge({ criteria }: RequestOf<'purge.start'>, by: Identity): Promise<Run> {
		purgeTerms(criteria); // refuses a query that is not one before anything begins
		const ref = { workflow: 'PURGE', id: await this.#host.purges.start(criteria, by) };
		return (await this.#host.agents.call<'run'>(this.#host.own(), { type: 'run', ref })).run;
	}

	/** Asks every Agent that ever reported, and each asks its sub-agents, to report everything again. */
	async #reindex(): Promise<{ agents: number; runs: number; unreachable: string[] }> {
		const known = this.#host.fleet.directory.list();
		const roots = new Set(known.map(({ path }) => path.split('/sub/')[0] ?? path));
		const unreachable: string[] = [];
		let runs = 0;
		for (const path of roots) {
			try {
				runs += (await this.#host.agents.call<'report-all'>(path, { type: 'report-all' })).runs;
			} catch (error) {
				if (!(error instanceof ProblemError)) throw error;
				unreachable.push(path);
			}
		}
		return { agents: known.length, runs, unreachable };
	}

	#approval(id: string): Approval {
		const approval = this.#host.fleet.approvals.get(id);
		if (!approval) throw new ProblemError('unknown-approval', `There is no approval ${id}.`);
		return approval;
	}

	#record(request: Request, by: Identity, answered: Answer<unknown>): void {
		this.#host.fleet.audit.add({
			at: Date.now(),
			by: by.name,
			action: request.type,
			target: targetOf(request, answered),
			detail: detailOf(request),
			result: resultOf(request, answered)
		});
		const views = request.type.startsWith('view.');
		this.#host.changed({ runs: new Set(), approvals: false, audit: true, views });
	}
}

function targetOf(request: Request, answered: Answer<unknown>): string | null {
	if (request.type === 'approval.decide') return request.id;
	if (request.type === 'view.save') {
		return answered.ok ? (answered.value as SavedView).id : (request.id ?? null); // what it answers
	}
	if (request.type === 'view.delete' || request.type === 'view.pin') return request.id;
	if (request.type === 'run.start' || request.type === 'purge.start') {
		const run = answered.ok ? (answered.value as Run) : null; // what both of them answer
		return run ? runKey(run) : null;
	}
	return 'workflow' in request ? runKey(request) : null; // all others name a run
}

/** A command that can be undone yet is not done; what becomes of it, its Agent notes. */
function resultOf(request: Request, answered: Answer<unknown>): string {
	if (!answered.ok) return answered.problem.type.split(':').at(-1) ?? 'refused';
	return 'undoMs' in request && request.undoMs ? 'held' : 'done';
}

/** What was asked for, without values that are too long for a record. */
function detailOf(request: Request): Json {
	const { type: _type, ...detail } = request;
	const members = Object.entries(detail).map(([key, value]) => [
		key,
		capJson(toJson(value), DETAIL_BYTES)
	]);
	return Object.fromEntries(members);
}

/** Names fields as the caller wrote them, without the request's own envelope. */
function named(problem: Problem): Problem {
	const errors = problem.errors?.map(({ path, message }) => ({
		path: path.replace(/^(query|decision|event|view)\./, ''),
		message
	}));
	if (!errors) return problem;
	const detail = errors.map(({ path, message }) => (path ? `${path}: ${message}` : message));
	return { ...problem, errors, detail: detail.join('; ') };
}
