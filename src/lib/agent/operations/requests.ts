// Every request, whichever door it came in by: parsed, checked against the table of roles, carried
// out, and written to the audit when it changes something, done or refused.
import {
	capJson,
	CHANGING,
	fieldTerm,
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
	type RunRef
} from '../../protocol';
import type { Catalogue } from '../../workflows';
import type { AgentCall } from '../monitor/calls';
import type { AgentCalls } from './agent-calls';
import type { Fleet, Touched } from './fleet';
import { purgeTerms } from './purge-plan';
import type { Purges } from './purges';

/** What is asked of the catalogue here. */
export type WorkflowCatalogue = Pick<Catalogue, 'get' | 'list'>;

export type RequestsHost = {
	fleet: Fleet;
	agents: AgentCalls;
	catalogue: () => WorkflowCatalogue;
	purges: Purges;
	/** The Operations agent's own path, where purges run. */
	own: () => string;
	/** Something changed that live views show. */
	changed: (touched: Touched) => void;
};

/** Events of one answer: a longer history is read on with `after`. */
const EVENTS_LIMIT = 10_000;
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
		const { fleet, agents, catalogue } = this.#host;
		switch (request.type) {
			case 'workflows.list':
				return catalogue().list();
			case 'runs.list': {
				const { keys: _keys, ...page } = fleet.page(request.query, Date.now());
				return page;
			}
			case 'run.get':
				return this.#run(request);
			case 'run.events': {
				const { after, generation } = request;
				const path = this.#agentOf(request);
				const read = await agents.call<'events'>(path, {
					type: 'events',
					ref: request,
					after,
					generation,
					limit: EVENTS_LIMIT
				});
				return { events: read.events, done: read.done };
			}
			case 'run.start':
				return this.#start(request, by);
			case 'run.adopt':
				return this.#adopt(request, by);
			case 'run.pause':
			case 'run.resume':
			case 'run.terminate': {
				const { workflow, id } = request;
				const type = CONTROLS[request.type];
				return agents.call<typeof type>(this.#agentOf(request), { type, ref: { workflow, id } });
			}
			case 'run.restart': {
				const { workflow, id, from } = request;
				const call: AgentCall = { type: 'restart', ref: { workflow, id }, from };
				return agents.call<'restart'>(this.#agentOf(request), call);
			}
			case 'run.send-event': {
				const { workflow, id, event } = request;
				const call: AgentCall = { type: 'send-event', ref: { workflow, id }, event };
				return agents.call<'send-event'>(this.#agentOf(request), call);
			}
			case 'run.delete':
				return this.#delete(request, by);
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
			case 'fleet.reindex':
				return this.#reindex();
		}
	}

	/** The whole run from its Agent; what the index has of it while the Agent is away. */
	async #run(ref: RunRef): Promise<Run> {
		const path = this.#agentOf(ref);
		try {
			const { workflow, id } = ref;
			return (await this.#host.agents.call<'run'>(path, { type: 'run', ref: { workflow, id } }))
				.run;
		} catch (error) {
			const indexed = this.#host.fleet.runs.get(runKey(ref));
			if (error instanceof ProblemError && error.problem.status === 503 && indexed)
				return indexed.run;
			throw error;
		}
	}

	async #start(request: RequestOf<'run.start'>, by: Identity): Promise<Run> {
		const { workflow, params, id } = request;
		const entry = this.#host.catalogue().get(workflow);
		if (!entry || entry.startable === false) {
			const known = this.#host.catalogue().list();
			const names = known.filter(({ startable }) => startable).map((info) => info.workflow);
			throw new ProblemError(
				'unknown-workflow',
				`${workflow} is no workflow that can be started; these are: ${names.join(', ')}.`
			);
		}
		const checked = entry.params.safeParse(params);
		if (!checked.success) {
			throw Object.assign(new ProblemError('invalid-params', ''), {
				problem: invalid(checked.error, 'invalid-params', 'params')
			});
		}
		if (id !== undefined && this.#host.fleet.runs.has(runKey({ workflow, id }))) {
			throw new ProblemError('id-taken', `There is a run ${workflow}/${id} already.`);
		}
		const metadata = { ...entry.metadata?.(checked.data), ...request.metadata };
		return this.#host.agents.call<'start'>(request.agent ?? entry.agent, {
			type: 'start',
			workflow,
			params,
			id,
			metadata,
			startedBy: by.name
		});
	}

	async #adopt(request: RequestOf<'run.adopt'>, by: Identity): Promise<Run> {
		const { workflow, id, agent } = request;
		const path = agent ?? this.#host.catalogue().get(workflow)?.agent;
		if (path === undefined) {
			throw new ProblemError(
				'unknown-workflow',
				`${workflow} is in no catalogue: say which agent.`
			);
		}
		const call: AgentCall = { type: 'adopt', ref: { workflow, id }, by: by.name };
		return this.#host.agents.call<'adopt'>(path, call);
	}

	async #purge({ criteria }: RequestOf<'purge.start'>, by: Identity): Promise<Run> {
		purgeTerms(criteria); // refuses a query that is not one before anything begins
		const ref = { workflow: 'PURGE', id: await this.#host.purges.start(criteria, by) };
		return (await this.#host.agents.call<'run'>(this.#host.own(), { type: 'run', ref })).run;
	}

	/** Asks every Agent that ever reported to report everything again. */
	async #reindex(): Promise<{ agents: number; runs: number; unreachable: string[] }> {
		const known = this.#host.fleet.directory.list();
		const unreachable: string[] = [];
		let runs = 0;
		for (const { path } of known) {
			try {
				runs += (await this.#host.agents.call<'report-all'>(path, { type: 'report-all' })).runs;
			} catch (error) {
				if (!(error instanceof ProblemError)) throw error;
				unreachable.push(path);
			}
		}
		return { agents: known.length, runs, unreachable };
	}

	/** The binding of a run of which only the id is known. @throws ProblemError `unknown-run` */
	workflowOf(id: string): string {
		const { runs } = this.#host.fleet.runs.page({
			terms: [fieldTerm('id', [id])],
			order: { field: 'created', direction: 'desc' },
			limit: 10,
			now: Date.now()
		});
		const only = runs.find((run) => run.id === id);
		if (only) return only.workflow;
		throw new ProblemError('unknown-run', `There is no run with the id ${id}.`);
	}

	async #delete(ref: RunRef, by: Identity): Promise<{ deleted: true }> {
		const { workflow, id } = ref;
		const path = this.#agentOf(ref);
		await this.#host.agents.call<'forget'>(path, { type: 'forget', refs: [{ workflow, id }] });
		this.#host.changed(this.#host.fleet.remove([{ workflow, id }], by.name, Date.now()));
		return { deleted: true };
	}

	#approval(id: string): Approval {
		const approval = this.#host.fleet.approvals.get(id);
		if (!approval) throw new ProblemError('unknown-approval', `There is no approval ${id}.`);
		return approval;
	}

	#agentOf(ref: RunRef): string {
		const key = runKey(ref);
		const record = this.#host.fleet.runs.get(key);
		if (record) return record.run.agent.path;
		const gone = this.#host.fleet.runs.tombstone(key);
		throw new ProblemError(
			'unknown-run',
			gone
				? `${key} was deleted by ${gone.by} at ${new Date(gone.at).toISOString()}.`
				: `There is no run ${key}.`
		);
	}

	#record(request: Request, by: Identity, answered: Answer<unknown>): void {
		this.#host.fleet.audit.add({
			at: Date.now(),
			by: by.name,
			action: request.type,
			target: targetOf(request, answered),
			detail: detailOf(request),
			result: answered.ok ? 'done' : (answered.problem.type.split(':').at(-1) ?? 'refused')
		});
		this.#host.changed({ runs: new Set(), approvals: false, audit: true });
	}
}

const CONTROLS = {
	'run.pause': 'pause',
	'run.resume': 'resume',
	'run.terminate': 'terminate'
} as const;

function targetOf(request: Request, answered: Answer<unknown>): string | null {
	if (request.type === 'approval.decide') return request.id;
	if (request.type === 'run.start' || request.type === 'purge.start') {
		const run = answered.ok ? (answered.value as Run) : null; // what both of them answer
		return run ? runKey(run) : null;
	}
	return 'workflow' in request ? runKey(request) : null; // all others name a run
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
		path: path.replace(/^(query|decision|event)\./, ''),
		message
	}));
	if (!errors) return problem;
	const detail = errors.map(({ path, message }) => (path ? `${path}: ${message}` : message));
	return { ...problem, errors, detail: detail.join('; ') };
}
