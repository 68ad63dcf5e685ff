import { Agent, callable, getCurrentAgent, type Connection } from 'agents';
import {
	clientFrameSchema,
	HEARTBEAT,
	invalid,
	problem,
	ProblemError,
	runEventSchema,
	runKey,
	valueOf,
	type Answer,
	type Identity,
	type Problem,
	type PurgeCriteria,
	type Request,
	type RequestInput,
	type Run,
	type RunRef,
	type ServerFrame,
	type Summary
} from '../../protocol';
import type { Report } from '../monitor/calls';
import type { PlainHost } from '../monitor/plain-door';
import { monitored } from '../monitored';
import { agentRefOf } from '../monitor/address';
import { AgentCalls } from './agent-calls';
import { Fleet, type Touched } from './fleet';
import { LiveViews } from './live-views';
import { purgeTerms } from './purge-plan';
import { Requests, type WorkflowCatalogue } from './requests';
import { eventStream } from './event-stream';

/** The shortest time between two summaries, Ms. */
const SUMMARY_MS = 100;
/** How long a watched run's tail stays attached, and how often that is renewed, Ms. */
const WATCH_MS = { keep: 60_000, renew: 30_000 } as const;
/** How many runs one step of a purge deletes. */
const PURGE_BATCH = 200;
const EVENTS_LIMIT = 10_000;

const EMPTY: WorkflowCatalogue = { get: () => undefined, list: () => [] };

/**
 * The fleet index of one workspace: takes in what Agents report, answers requests, and tells every
 * connection what changed of what it looks at.
 */
export class OperationsAgent extends monitored(Agent)<Env, Summary> {
	/** The workflows that can be started; the Worker sets it. */
	static catalogue: WorkflowCatalogue = EMPTY;

	override initialState: Summary = { counts: {}, pendingApprovals: 0, agents: 0, at: 0 };

	readonly #fleet = new Fleet(this.ctx.storage);
	readonly #agents = new AgentCalls(this.env, {
		path: () => agentRefOf(this.selfPath).path,
		agent: this
	});
	readonly #live = new LiveViews(this.ctx.storage.sql, {
		fleet: this.#fleet,
		readEvents: (ref, after, generation) => this.#readEvents(ref, after, generation),
		connections: () => this.getConnections(),
		told: () => this.#summarizeSoon(),
		background: (work) => this.ctx.waitUntil(work)
	});
	readonly #requests = new Requests({
		fleet: this.#fleet,
		agents: this.#agents,
		catalogue: () => OperationsAgent.catalogue,
		startPurge: (request, by) => this.#startPurge(request.criteria, by),
		changed: (touched) => this.#live.changed(touched)
	});
	#summaryTimer: ReturnType<typeof setTimeout> | null = null;
	#watchTimer: ReturnType<typeof setInterval> | null = null;

	override onStart(): void {
		this.#fleet.migrate();
		this.#live.migrate();
		const { ask, answer } = HEARTBEAT;
		this.ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(ask, answer));
		this.#live.restore();
		this.#summarize();
	}

	/** Nobody writes the summary but this Agent. */
	override shouldConnectionBeReadonly(): boolean {
		return true;
	}

	override onMessage(connection: Connection, message: unknown): void {
		const frame = clientFrameSchema.safeParse(parseText(message));
		if (!frame.success) return this.#fail(connection, invalid(frame.error));
		if (!this.identityOf(connection)?.roles.length) {
			return this.#fail(connection, problem('forbidden', 'Looking needs a role.'));
		}
		try {
			if (frame.data.type === 'unwatch') this.#live.unwatch(connection, frame.data.watch);
			else this.#live.watch(connection, frame.data.watch, frame.data.view);
			this.#keepWatched();
		} catch (error) {
			if (!(error instanceof ProblemError)) throw error;
			this.#fail(connection, error.problem);
		}
	}

	override onClose(connection: Connection): void {
		this.#live.close(connection);
		this.#keepWatched();
	}

	/** A request over the websocket. */
	@callable()
	async perform(request: unknown): Promise<Answer<unknown>> {
		const { connection } = getCurrentAgent();
		const identity = connection && this.identityOf(connection);
		if (!identity) {
			return { ok: false, problem: problem('unauthenticated', 'It is not known who asks.') };
		}
		return this.handle(identity, request);
	}

	/** A request of somebody whom the Worker knows. */
	async handle(identity: Identity, request: unknown): Promise<Answer<unknown>> {
		return this.#requests.answer(identity, request);
	}

	/**
	 * A run's history from after an event as server-sent events, live until it ends.
	 * Answers with a problem instead when there is no such run.
	 */
	async stream(identity: Identity, request: unknown): Promise<Answer<ReadableStream<Uint8Array>>> {
		const first = await this.handle(identity, request);
		if (!first.ok) return first;
		const { workflow, id, after = 0 } = request as Extract<Request, { type: 'run.events' }>; // answered above
		const ref = { workflow, id };
		return {
			ok: true,
			value: eventStream({
				after: Number(after),
				read: (cursor) => this.#readEvents(ref, cursor),
				onChange: (listener) => this.#listen(runKey(ref), listener),
				keep: () => this.#look([ref])
			})
		};
	}

	/** Takes in what an Agent reports; when this returns, the Agent may forget that it has to. */
	async intake(report: Report): Promise<void> {
		const touched = this.#fleet.intake(report, Date.now());
		if (touched.runs.size > 0 || touched.approvals) this.#changed(touched);
	}

	/** How many runs a purge is about to delete. */
	async purgeTotal(criteria: PurgeCriteria): Promise<number> {
		return this.#fleet.runs.previewPurge(purgeTerms(criteria), Date.now()).total;
	}

	/** Deletes the next runs of a purge. `deleted` counts all of this purge; safe to repeat. */
	async purgeNext(
		purge: string,
		criteria: PurgeCriteria
	): Promise<{ deleted: number; left: boolean }> {
		const by = runKey({ workflow: 'PURGE', id: purge });
		const now = Date.now();
		const runs = this.#fleet.runs.ended(purgeTerms(criteria), {
			createdAtMost: now,
			limit: PURGE_BATCH,
			now
		});
		for (const [path, refs] of Map.groupBy(runs, (run) => run.agent.path)) {
			const wanted = refs.map(({ workflow, id }) => ({ workflow, id }));
			await this.#agents.call<'forget'>(path, { type: 'forget', refs: wanted });
			this.#changed(this.#fleet.remove(wanted, by, now));
		}
		return { deleted: this.#fleet.removedBy(by), left: runs.length === PURGE_BATCH };
	}

	protected override async signalboxReport(report: Report): Promise<void> {
		await this.intake(report);
	}

	protected override plainHost(): PlainHost {
		const ask = async (by: Identity, request: RequestInput): Promise<Run> =>
			valueOf((await this.handle(by, request)) as Answer<Run>); // each of these answers with the run
		return {
			sql: this.ctx.storage.sql,
			start: (call, by) => ask(by, { type: 'run.start', ...call }),
			run: (ref, by) => ask(by, { type: 'run.get', ...ref }),
			control: (action, ref, by) => ask(by, { type: `run.${action}`, ...ref }),
			workflowOf: (id) => this.#workflowOf(id),
			checksCallables: true
		};
	}

	#workflowOf(id: string): string {
		const query = { q: `id:${id}`, limit: 2, order: { field: 'created', direction: 'desc' } } as const;
		const { runs } = this.#fleet.page(query, Date.now());
		const [only] = runs.filter((run) => run.id === id);
		if (!only) throw new ProblemError('unknown-run', `There is no run with the id ${id}.`);
		return only.workflow;
	}

	async #startPurge(criteria: PurgeCriteria, by: Identity): Promise<Run> {
		// What is created after this was in no preview: it is left alone.
		const createdBefore = Math.min(criteria.createdBefore ?? Number.MAX_SAFE_INTEGER, Date.now());
		const id = await this.runWorkflow(
			'PURGE',
			{ criteria: { ...criteria, createdBefore } },
			{ startedBy: by.name, metadata: { by: by.name } }
		);
		const path = agentRefOf(this.selfPath).path;
		const ref = { workflow: 'PURGE', id };
		return (await this.#agents.call<'run'>(path, { type: 'run', ref })).run;
	}

	async #readEvents(ref: RunRef, after: number, generation?: number) {
		const record = this.#fleet.runs.get(runKey(ref));
		if (!record) throw new ProblemError('unknown-run', `There is no run ${runKey(ref)}.`);
		const read = await this.#agents.call<'events'>(record.run.agent.path, {
			type: 'events',
			ref,
			after,
			generation,
			limit: EVENTS_LIMIT
		});
		return { ...read, events: read.events.map((event) => runEventSchema.parse(event)) };
	}

	readonly #listeners = new Map<string, Set<() => void>>();

	#listen(key: string, listener: () => void): () => void {
		const own = this.#listeners.get(key) ?? new Set();
		this.#listeners.set(key, own.add(listener));
		return () => {
			own.delete(listener);
			if (own.size === 0) this.#listeners.delete(key);
		};
	}

	#changed(touched: Touched): void {
		this.#live.changed(touched);
		for (const key of touched.runs) this.#listeners.get(key)?.forEach((listener) => listener());
	}

	/** While somebody looks at a run, its tail stays attached. */
	#keepWatched(): void {
		const watched = this.#live.watchedRuns();
		this.#look(watched);
		if (watched.length > 0 && this.#watchTimer === null) {
			this.#watchTimer = setInterval(() => this.#keepWatched(), WATCH_MS.renew);
		} else if (watched.length === 0 && this.#watchTimer !== null) {
			clearInterval(this.#watchTimer);
			this.#watchTimer = null;
		}
	}

	#look(refs: RunRef[]): void {
		const known = refs.flatMap((ref) => {
			const record = this.#fleet.runs.get(runKey(ref));
			return record && record.run.finishedAt === null ? [{ ref, path: record.run.agent.path }] : [];
		});
		for (const [path, own] of Map.groupBy(known, (found) => found.path)) {
			const call = { type: 'look', refs: own.map(({ ref }) => ref), keepMs: WATCH_MS.keep } as const;
			this.ctx.waitUntil(
				this.#agents.call<'look'>(path, call).catch((error: unknown) => {
					// The Agent is away: its own wakes see to it when it is back.
					if (!(error instanceof ProblemError)) throw error;
				})
			);
		}
	}

	#summarizeSoon(): void {
		this.#summaryTimer ??= setTimeout(() => {
			this.#summaryTimer = null;
			this.#summarize();
		}, SUMMARY_MS);
	}

	#summarize(): void {
		const counts = this.#fleet.runs.counts();
		const pendingApprovals = this.#fleet.approvals.pending();
		const agents = this.#fleet.directory.count();
		const { at: _at, ...known } = this.state;
		const next = { counts, pendingApprovals, agents };
		if (JSON.stringify(next) !== JSON.stringify(known)) this.setState({ ...next, at: Date.now() });
	}

	#fail(connection: Connection, failure: Problem): void {
		const frame = { type: 'error', at: Date.now(), problem: failure } satisfies ServerFrame;
		connection.send(JSON.stringify(frame));
	}
}

function parseText(message: unknown): unknown {
	if (typeof message !== 'string') return undefined;
	try {
		return JSON.parse(message);
	} catch {
		return undefined; // not JSON: the schema says what is expected instead
	}
}
