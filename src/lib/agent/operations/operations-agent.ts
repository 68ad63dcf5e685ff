import { Agent, callable, getCurrentAgent, type Connection } from 'agents';
import {
	BULK_WORKFLOW,
	clientFrameSchema,
	HEARTBEAT,
	invalid,
	problem,
	ProblemError,
	refusal,
	OPERATIONS,
	SIGNALBOX_VERSION,
	VIEW_REQUESTS,
	watchNameSchema,
	type Answer,
	type ClientFrame,
	type Identity,
	type Problem,
	type PurgeCriteria,
	type RequestInput,
	type RunQuery,
	type ServerFrame,
	type Summary,
	type WebhookMessage,
	type WorkflowCatalogue
} from '../../protocol';
import { agentRefOf } from '../rpc/agent-address';
import type { Acknowledgement, Report } from '../rpc/agent-rpc';
import { parseText } from '../clients/plain-frames';
import { signalboxAgent } from '../guarded';
import { AgentRpc } from '../rpc/agent-client';
import type { Operations } from '../rpc/operations-client';
import { ApprovalRequests } from './approvals/approval-requests';
import { BulkJobs } from './bulk/bulk-jobs';
import { BulkRunner, type BulkStretch } from './bulk/bulk-runner';
import { BulkStore } from './bulk/bulk-store';
import { eventStream } from './runs/event-stream';
import { Fleet } from './fleet';
import type { Touched } from './live/changes';
import { LiveViews } from './live/live-views';
import type { Queued } from './webhooks/notification-outbox';
import { namedRuns } from './runs/named-runs';
import { exportStream } from './runs/run-export';
import { Purges } from './purge/purges';
import { approvalHandlers } from './requests/approval-handlers';
import { batchHandlers } from './requests/batch-handlers';
import { Dispatcher } from './requests/dispatcher';
import { fleetHandlers } from './requests/fleet-handlers';
import { IdempotentRequests } from './requests/idempotent-requests';
import { runHandlers } from './requests/run-handlers';
import { RestoreNotice } from './restore-detector';
import { ReportIntake } from './report-intake';
import { RunReaders } from './runs/run-readers';
import { RunRequests } from './runs/run-requests';
import { SummaryKeeper } from './live/summary-sync';
import { ViewCounter } from './live/view-counts';

type WatchFrame = Extract<ClientFrame, { type: 'watch' }>;

/** When the engine could not start a notification's run, it is tried again after this, seconds. */
const NOTIFY_AGAIN_S = 5;

const UNKNOWN_PERSON = 'It is not known who asks.';
const EMPTY: WorkflowCatalogue = { get: () => undefined, list: () => [] };

/** Saved views changed, or what they find; no run did. */
const VIEWS_CHANGED: Touched = { runs: new Set(), approvals: false, audit: false, views: true };

/** A request was written to the audit. */
const AUDIT_CHANGED: Touched = { runs: new Set(), approvals: false, audit: true };

/** Who asks when Signalbox does something by itself. */
const SELF: Identity = { subject: 'signalbox', name: 'signalbox', email: null, roles: ['admin'] };

/**
 * The fleet index of one workspace: takes in what Agents report, answers requests, and tells every
 * connection what changed of what it looks at.
 */
export class OperationsAgent extends signalboxAgent(Agent)<Env, Summary> {
	/** The workflows that can be started; the Worker sets it. */
	static catalogue: WorkflowCatalogue = EMPTY;

	override initialState: Summary = { counts: {}, pendingApprovals: 0, agents: 0, at: 0 };

	readonly #background = (work: Promise<unknown>) => this.ctx.waitUntil(work);
	readonly #fleet = new Fleet(this.ctx.storage);
	readonly #intake = new ReportIntake(this.ctx.storage, this.#fleet);
	readonly #agents = new AgentRpc(this.env, { path: () => this.#path, agent: this });
	readonly #summary = new SummaryKeeper(() => this.#fleet, {
		get: () => this.state,
		set: (summary) => this.setState(summary)
	});
	readonly #counts: ViewCounter = new ViewCounter({
		fleet: this.#fleet,
		wanted: () => this.#live.countedQueries(),
		counted: () => this.#live.changed(VIEWS_CHANGED)
	});
	readonly #live: LiveViews = new LiveViews(this.ctx.storage.sql, {
		fleet: this.#fleet,
		show: (...asked) => this.#readers.show(...asked),
		counts: this.#counts,
		connections: () => this.getConnections(),
		identityOf: (connection) => this.identityOf(connection),
		told: () => this.#summary.soon(),
		background: this.#background
	});
	readonly #readers = new RunReaders({
		fleet: this.#fleet,
		agents: this.#agents,
		watched: () => this.#live.watchedRuns(),
		background: this.#background
	});
	readonly #purges = new Purges({
		fleet: this.#fleet,
		agents: this.#agents,
		changed: (touched) => this.#changed(touched),
		start: (criteria, by) =>
			this.runWorkflow(
				'PURGE',
				{ criteria },
				{ startedBy: by.name, startedBySubject: by.subject, metadata: { by: by.name } }
			)
	});
	readonly #runs = new RunRequests({
		fleet: this.#fleet,
		agents: this.#agents,
		catalogue: () => OperationsAgent.catalogue,
		changed: (touched) => this.#changed(touched)
	});
	readonly #bulkStore = new BulkStore(this.ctx.storage.sql);
	readonly #bulkRunner = new BulkRunner({
		fleet: this.#fleet,
		runs: this.#runs,
		store: this.#bulkStore,
		transaction: (work) => this.ctx.storage.transactionSync(work),
		changed: (touched) => this.#changed(touched)
	});
	readonly #bulk = new BulkJobs({
		sql: this.ctx.storage.sql,
		fleet: this.#fleet,
		runs: this.#runs,
		store: this.#bulkStore,
		transaction: (work) => this.ctx.storage.transactionSync(work),
		start: async (id, params, by) => {
			const { action, runs, eligible, retryOf } = params;
			await this.runWorkflow(BULK_WORKFLOW, params, {
				id,
				startedBy: by.name,
				startedBySubject: by.subject,
				metadata: { by: by.name, action, runs, eligible },
				...(retryOf === null ? {} : { parent: { workflow: BULK_WORKFLOW, id: retryOf } })
			});
		}
	});
	readonly #approvals = new ApprovalRequests(this.#fleet, this.#agents);
	readonly #idempotent = new IdempotentRequests(this.ctx.storage.sql);
	readonly #dispatcher = new Dispatcher(
		{
			...runHandlers(this.#fleet, this.#runs, () => OperationsAgent.catalogue),
			...approvalHandlers(this.#fleet, this.#approvals),
			...batchHandlers(this.#fleet, this.#purges, this.#bulk, this.#agents, () => this.#path),
			...fleetHandlers(this.#fleet, this.#counts, this.#agents, () => this.#changed(VIEWS_CHANGED))
		},
		this.#approvals,
		this.#fleet.audit,
		() => this.#changed(AUDIT_CHANGED),
		this.#idempotent
	);

	readonly #restore = new RestoreNotice({
		directory: this.#fleet.directory,
		agents: this.#agents,
		own: () => this.#path,
		askEveryone: () => this.askEveryone(),
		background: this.#background
	});

	#hasAskedEveryone = false;

	override onStart(): void {
		this.#fleet.migrate();
		this.#bulkStore.migrate();
		this.#idempotent.migrate();
		this.#live.migrate();
		this.#answerHeartbeats();
		this.#live.restore();
		this.#summary.now();
		const [someone] = this.getConnections();
		if (someone) this.#restore.lookedAt();
	}

	/** Nobody writes the summary but this Agent. */
	override shouldConnectionBeReadonly(): boolean {
		return true;
	}

	override onMessage(connection: Connection, message: unknown): void {
		if (message === HEARTBEAT.ask) return connection.send(HEARTBEAT.answer);
		const content = parseText(message);
		const frame = clientFrameSchema.safeParse(content);
		if (!frame.success) return this.#fail(connection, invalid(frame.error), content);
		const identity = this.identityOf(connection);
		if (!identity) return this.#fail(connection, problem('unauthenticated', UNKNOWN_PERSON));
		this.#restore.lookedAt();
		try {
			if (frame.data.type === 'hello') return this.#greet(connection);
			if (frame.data.type === 'unwatch') this.#live.unwatch(connection, frame.data.watch);
			else this.#watch(connection, identity, frame.data);
			this.#readers.keepWatched();
		} catch (error) {
			if (!(error instanceof ProblemError)) throw error;
			this.#fail(connection, error.problem, content);
		}
	}

	override onClose(connection: Connection): void {
		this.#live.close(connection);
		this.#readers.keepWatched();
	}

	/** A request over the websocket. */
	@callable()
	async perform(request: unknown): Promise<Answer<unknown>> {
		const { connection } = getCurrentAgent();
		const identity = connection && this.identityOf(connection);
		if (identity) return this.#dispatcher.dispatch(identity, request, 'page');
		return { ok: false, problem: problem('unauthenticated', UNKNOWN_PERSON) };
	}

	/** For the Worker: has an Agent of this path ever reported? */
	async knowsAgent(path: string): Promise<boolean> {
		return this.#fleet.directory.has(path);
	}

	/** A request of somebody whom the Worker knows. */
	async handle(identity: Identity, request: unknown): Promise<Answer<unknown>> {
		this.#restore.lookedAt();
		return this.#dispatcher.dispatch(identity, request);
	}

	/**
	 * A run's history from after an event as server-sent events, live until it ends.
	 * Answers with a problem instead when there is no such run.
	 */
	async stream(identity: Identity, input: object): Promise<Answer<ReadableStream<Uint8Array>>> {
		const first = await this.handle(identity, { ...input, type: 'run.events' });
		if (!first.ok) return first;
		const { workflow, id, after, generation } = OPERATIONS['run.events'].input.parse(input);
		const ref = { workflow, id };
		const value = eventStream({
			after,
			read: (cursor) => this.#readers.events(ref, cursor, generation),
			onChange: (listener) => this.#readers.listen(ref, listener),
			keep: () => this.#readers.look([ref])
		});
		return { ok: true, value };
	}

	/** All runs that match, as a file that is written while it is read. */
	async exportRuns(identity: Identity, input: object): Promise<Answer<ReadableStream<Uint8Array>>> {
		const first = await this.handle(identity, { ...input, type: 'runs.export' });
		if (!first.ok) return first;
		const { query: asked } = OPERATIONS['runs.export'].input.parse(input);
		const now = Date.now();
		const { runs } = asked;
		const pages = runs
			? namedRuns(this.#fleet, runs)
			: (query: RunQuery) => this.#fleet.page(query, now);
		return { ok: true, value: exportStream(asked, pages) };
	}

	/** Takes in what an Agent reports; when this returns, the Agent may forget that it has to. */
	async intake(report: Report): Promise<Acknowledgement> {
		const { resend, ...touched } = this.#intake.recordReport(report, Date.now());
		if (touched.runs.size > 0 || touched.approvals || touched.audit) this.#changed(touched);
		// By the Agent's own schedule, which is durable: taking a report in waits for no workflow.
		if (this.#fleet.notifications.takeNew()) await this.schedule(1, 'startNotifications');
		if (resend && !this.#hasAskedEveryone) {
			await this.schedule(1, 'askEveryone', undefined, { idempotent: true });
		}
		return { resend };
	}

	/**
	 * This index was restored from an older state, as a report told: an Agent that has nothing to
	 * report would not notice, so all are asked. Once is enough, since a restore begins a new life.
	 */
	async askEveryone(): Promise<void> {
		await this.handle(SELF, { type: 'fleet.reindex' } satisfies RequestInput);
		this.#hasAskedEveryone = true;
	}

	/** Starts a run of NOTIFY for each notification that has none yet. Safe to repeat. */
	async startNotifications(): Promise<void> {
		const { notifications } = this.#fleet;
		try {
			for (let next = notifications.queued(); next.length > 0; next = notifications.queued()) {
				for (const each of next) await this.#startNotification(each);
			}
		} catch {
			// The engine is away: what is queued stays so.
			await this.schedule(NOTIFY_AGAIN_S, 'startNotifications');
		}
	}

	/** For the NOTIFY workflow: what to send now; null when there is nobody left to tell. */
	async notificationMessage(id: number): Promise<WebhookMessage | null> {
		return this.#fleet.notifications.message(id, Date.now());
	}

	/** For the NOTIFY workflow: it arrived, or was given up. Safe to repeat. */
	async notificationEnded(id: number, error: string | null): Promise<void> {
		this.#fleet.notifications.ended(id, error, Date.now());
	}

	/** For the PURGE workflow: how many runs it is about to delete. */
	async purgeTotal(criteria: PurgeCriteria): Promise<number> {
		return this.#purges.total(criteria);
	}

	/** For the PURGE workflow: deletes the next runs. Safe to repeat. */
	async purgeNext(
		purge: string,
		criteria: PurgeCriteria
	): Promise<{ deleted: number; left: boolean }> {
		return this.#purges.next(purge, criteria);
	}

	/** For the BULK workflow: acts on the next runs of a job. Safe to repeat. */
	async bulkNext(job: string): Promise<BulkStretch> {
		return this.#bulkRunner.next(job);
	}

	protected override get signalboxOperations(): Operations {
		return this;
	}

	protected override signalboxWorkflowOf(id: string): string {
		return this.#runs.workflowOf(id);
	}

	/** `perform` checks each request; and a start without an Agent goes to the workflow's own. */
	protected override get signalboxFrames(): 'operators' | 'checked' {
		return 'checked';
	}

	/**
	 * Lets the runtime answer heartbeats, so that they do not wake this Agent. Not locally: there an
	 * answer of the runtime's can meet one of ours in mid-send, which drops the socket
	 * ("another message send is already in progress").
	 */
	#answerHeartbeats(): void {
		const { ask, answer } = HEARTBEAT;
		const isLocal = Reflect.get(this.env, 'AUTH') === 'local';
		this.ctx.setWebSocketAutoResponse(
			isLocal ? undefined : new WebSocketRequestResponsePair(ask, answer)
		);
	}

	async #startNotification({ id, ...metadata }: Queued): Promise<void> {
		const options = {
			id: `notify-${id}`,
			startedBy: SELF.name,
			startedBySubject: SELF.subject,
			metadata
		};
		try {
			await this.runWorkflow('NOTIFY', { notification: id }, options);
		} catch (error) {
			// Started before a crash that came before it was noted.
			if (!(error instanceof ProblemError && error.problem.status === 409)) throw error;
		}
		this.#fleet.notifications.started(id);
	}

	get #path(): string {
		return agentRefOf(this.selfPath).path;
	}

	#changed(touched: Touched): void {
		this.#live.changed(touched);
		if (touched.runs.size > 0) this.#counts.changed();
		this.#readers.changed(touched.runs);
	}

	#watch(connection: Connection, by: Identity, { watch, view }: WatchFrame): void {
		const refused = refusal(VIEW_REQUESTS[view.kind], by);
		if (refused) this.#live.refuse(connection, watch, refused);
		else this.#live.watch(connection, watch, view);
	}

	#greet(connection: Connection): void {
		const hello = { type: 'hello', at: Date.now(), version: SIGNALBOX_VERSION } as const;
		connection.send(JSON.stringify(hello satisfies ServerFrame));
	}

	/** Whoever asked for a subscription is answered under its name. */
	#fail(connection: Connection, failure: Problem, content?: unknown): void {
		const named = watchNameSchema.safeParse(content);
		if (named.success) return this.#live.refuse(connection, named.data.watch, failure);
		const frame = { type: 'error', at: Date.now(), problem: failure } satisfies ServerFrame;
		connection.send(JSON.stringify(frame));
	}
}
