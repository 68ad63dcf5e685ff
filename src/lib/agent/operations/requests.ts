// Every request, whichever door it came in by: parsed, checked against the table of roles, carried
// out, and written to the audit when it changes something, done or refused.
import {
	BULK_WORKFLOW,
	capJson,
	CHANGING,
	invalid,
	ProblemError,
	refusal,
	requestSchema,
	runKey,
	toJson,
	type Answer,
	type Identity,
	type Json,
	type Problem,
	type Request,
	type OpenedLink,
	type RequestOf,
	type RequestType,
	type Run,
	type SavedView,
	type Webhook,
	type WorkflowCatalogue
} from '../../protocol';
import type { AgentRpc } from '../rpc/agent-client';
import { isActing, type ApprovalRequests, type Door } from './approvals/approval-requests';
import type { BulkJobs } from './bulk/bulk-jobs';
import type { Fleet } from './fleet';
import type { Touched } from './live/changes';
import { purgeTerms } from './purge/purge-terms';
import type { Purges } from './purge/purges';
import type { RunRequests } from './runs/run-requests';
import type { ViewCounter } from './live/view-counts';

export type RequestsHost = {
	fleet: Fleet;
	counts: ViewCounter;
	agents: AgentRpc;
	catalogue: () => WorkflowCatalogue;
	runs: RunRequests;
	approvals: ApprovalRequests;
	purges: Purges;
	bulk: BulkJobs;
	/** The Operations agent's own path, where purges and jobs run. */
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
	async answer(by: Identity, input: unknown, door: Door = 'api'): Promise<Answer<unknown>> {
		const parsed = requestSchema.safeParse(input);
		if (!parsed.success) {
			const failure = named(invalid(parsed.error));
			this.#recordUnread(input, by, failure);
			return { ok: false, problem: failure };
		}
		const request = parsed.data;
		const refused = refusal(request.type, by);
		const answered: Answer<unknown> = refused
			? { ok: false, problem: refused }
			: await this.#attempt(request, by, door);
		if (CHANGING[request.type]) this.#record(request, by, answered, door);
		return answered;
	}

	async #attempt(request: Request, by: Identity, door: Door): Promise<Answer<unknown>> {
		try {
			return { ok: true, value: await this.#perform(request, by, door) };
		} catch (error) {
			if (error instanceof ProblemError) return { ok: false, problem: error.problem };
			throw error;
		}
	}

	async #perform(request: Request, by: Identity, door: Door): Promise<unknown> {
		const { fleet, catalogue, counts, runs, approvals, bulk } = this.#host;
		switch (request.type) {
			case 'workflows.list':
				return catalogue().list();
			case 'runs.list': {
				const { keys: _keys, ...page } = fleet.page(request.query, Date.now(), request.window);
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
			case 'run.around':
				return runs.around(request);
			case 'run.audit':
				return runs.audit(request);
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
			case 'agents.list':
				return fleet.agents(request.query);
			case 'approvals.list':
				return fleet.inbox(request.query, by, Date.now());
			case 'approval.get':
				return approvals.get(request.id);
			case 'approval.decide':
			case 'approval.undo':
			case 'approval.deliver-now':
			case 'approval.claim':
			case 'approval.release':
			case 'approval.hand-over':
				return approvals.act(request, by, door);
			case 'approvals.decide-many':
				return approvals.decideMany(request, by, door);
			case 'approvals.figures':
				return fleet.history.figures(request.query, Date.now());
			case 'approval.open-link':
				return { approval: await fleet.links.use(request.token, by.name, Date.now()) };
			case 'webhooks.list':
				return fleet.webhooks.list();
			case 'webhook.create':
				return fleet.webhooks.create(request.webhook, by, Date.now());
			case 'webhook.delete':
				fleet.webhooks.delete(request.id);
				return null;
			case 'purge.preview':
				return fleet.runs.previewPurge(purgeTerms(request.criteria), Date.now());
			case 'purge.start':
				return this.#purge(request, by);
			case 'bulk.preview':
				return bulk.preview(request.job, by);
			case 'bulk.start':
				return this.#own(BULK_WORKFLOW, await bulk.start(request.job, by));
			case 'bulk.get':
				return bulk.get(request.id, request.query);
			case 'bulk.abort':
				return bulk.abort(request.id, by);
			case 'bulk.retry':
				return this.#own(BULK_WORKFLOW, await bulk.retry(request.id, request.state, by));
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
		return this.#own('PURGE', await this.#host.purges.start(criteria, by));
	}

	/** A run that the Operations agent has just started itself. */
	async #own(workflow: string, id: string): Promise<Run> {
		const ref = { workflow, id };
		return (await this.#host.agents.callAgent<'run'>(this.#host.own(), { type: 'run', ref })).run;
	}

	/** Asks every Agent that ever reported, and each asks its sub-agents, to report everything again. */
	async #reindex(): Promise<{ agents: number; runs: number; unreachable: string[] }> {
		const known = this.#host.fleet.directory.list();
		const roots = new Set(known.map(({ path }) => path.split('/sub/')[0] ?? path));
		const unreachable: string[] = [];
		let runs = 0;
		for (const path of roots) {
			try {
				runs += (await this.#host.agents.callAgent<'report-all'>(path, { type: 'report-all' }))
					.runs;
			} catch (error) {
				if (!(error instanceof ProblemError)) throw error;
				unreachable.push(path);
			}
		}
		return { agents: known.length, runs, unreachable };
	}

	/** What cannot be read is on record too, when it would have changed something. */
	#recordUnread(input: unknown, by: Identity, failure: Problem): void {
		const { type, id } = Object(input) as Record<string, unknown>;
		const action = Object.keys(CHANGING).find((known) => known === type);
		if (!action || !CHANGING[action as RequestType]) return; // one of its own keys
		this.#add({
			by,
			action,
			target: typeof id === 'string' ? id.slice(0, 200) : null,
			detail: { why: failure.detail.slice(0, DETAIL_BYTES) },
			result: kindOf(failure)
		});
	}

	#record(request: Request, by: Identity, answered: Answer<unknown>, door: Door): void {
		const about = this.#host.approvals.auditOf(request, by, door);
		this.#add({
			by,
			action: request.type,
			target: targetOf(request, answered),
			detail: { ...detailOf(request, answered), ...about },
			result: resultOf(request, answered)
		});
		if (request.type.startsWith('view.')) {
			this.#host.changed({ runs: new Set(), approvals: false, audit: true, views: true });
		}
	}

	#add(entry: Omit<Parameters<Fleet['audit']['add']>[0], 'at' | 'by'> & { by: Identity }): void {
		this.#host.fleet.audit.add({ ...entry, at: Date.now(), by: entry.by.name });
		this.#host.changed({ runs: new Set(), approvals: false, audit: true });
	}
}

function kindOf({ type }: Problem): string {
	return type.split(':').at(-1) ?? 'refused';
}

function targetOf(request: Request, answered: Answer<unknown>): string | null {
	if (isActing(request) || request.type === 'webhook.delete') return request.id;
	if (request.type === 'webhook.create') {
		return answered.ok ? (answered.value as Webhook).id : null; // what it answers
	}
	if (request.type === 'approval.open-link') {
		return answered.ok ? (answered.value as OpenedLink).approval : null; // what it answers
	}
	if (request.type === 'view.save') {
		return answered.ok ? (answered.value as SavedView).id : (request.id ?? null); // what it answers
	}
	if (request.type === 'view.delete' || request.type === 'view.pin') return request.id;
	const started = startedBy(request, answered);
	if (started) return runKey(started);
	if (request.type === 'bulk.abort' || request.type === 'bulk.retry') {
		return runKey({ workflow: BULK_WORKFLOW, id: request.id });
	}
	// What was not started has no name; all others name a run.
	if (request.type === 'run.start' || !('workflow' in request)) return null;
	return runKey(request);
}

/** A command that can be undone yet is not done; what becomes of it, its Agent notes. */
function resultOf(request: Request, answered: Answer<unknown>): string {
	if (!answered.ok) return kindOf(answered.problem);
	return 'undoMs' in request && request.undoMs ? 'held' : 'done';
}

/** The run that was started; null where none was. */
function startedBy({ type }: Request, answered: Answer<unknown>): Run | null {
	const starts = ['run.start', 'purge.start', 'bulk.start', 'bulk.retry'];
	return answered.ok && starts.includes(type) ? (answered.value as Run) : null; // what they answer
}

/** What is secret is not for the audit: a token, and the rest of an address that may hold one. */
function withoutSecrets(request: Request): Record<string, unknown> & { type: string } {
	if (request.type === 'approval.open-link') return { type: request.type };
	if (request.type !== 'webhook.create') return request;
	const { secret: _secret, url, ...webhook } = request.webhook;
	return { type: request.type, webhook: { ...webhook, url: new URL(url).origin } };
}

/** What was asked for, without values that are too long for a record; of a job, how many runs. */
function detailOf(request: Request, answered: Answer<unknown>): Record<string, Json> {
	const { type: _type, ...asked } = withoutSecrets(request);
	const isJob = request.type === 'bulk.start' || request.type === 'bulk.retry';
	const detail = isJob ? { ...asked, ...startedBy(request, answered)?.metadata } : asked;
	const members = Object.entries(detail).map(([key, value]) => [
		key,
		capJson(toJson(value), DETAIL_BYTES)
	]);
	return Object.fromEntries(members);
}

/** Names fields as the caller wrote them, without the request's own envelope. */
function named(problem: Problem): Problem {
	const errors = problem.errors?.map(({ path, message }) => ({
		path: path.replace(/^(query|decision|event|view|job)\./, ''),
		message
	}));
	if (!errors) return problem;
	const detail = errors.map(({ path, message }) => (path ? `${path}: ${message}` : message));
	return { ...problem, errors, detail: detail.join('; ') };
}
