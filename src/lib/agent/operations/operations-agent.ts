import { Agent, callable, getCurrentAgent, type Connection } from 'agents';
import {
	HEARTBEAT,
	OPERATIONS,
	problem,
	ProblemError,
	type Answer,
	type ExportName,
	type Identity,
	type Problem,
	type PurgeCriteria,
	type RunQuery,
	type Summary,
	type WebhookMessage,
	type WorkflowCatalogue
} from '../../protocol';
import { agentErrorText } from '../../messages/server/agent-errors';
import { runRequestsText } from '../../messages/server/run-requests';
import { signalboxAgent } from '../guarded';
import type { MonitoredRunOptions, SdkRunOptions } from '../monitored-types';
import type { Acknowledgement, Report } from '../rpc/agent-rpc';
import type { Operations } from '../rpc/operations-client';
import { workerCatalogue } from '../worker-catalogue';
import { auditStream } from './audit-export';
import type { BulkBatch } from './bulk/bulk-runner';
import { composeOperations } from './compose';
import { purgeStream } from './purge/purge-export';
import type { PurgeBatch } from './purge/purge-runner';
import type { PurgeBeginning } from './purge/purges';
import { eventStream } from './runs/event-stream';
import { namedRuns } from './runs/named-runs';
import { exportStream } from './runs/run-export';
import { withinSession } from './session-stream';
import { VisibleFleet } from './visible-fleet';

/** When the engine could not start a notification's run, that is tried again after this, seconds. */
const NOTIFY_RETRY_S = 5;
/** A move of runs that a crash interrupted is taken up after this, seconds. */
const MIGRATION_RETRY_S = 30;

/**
 * The fleet index of one workspace: stores what Agents report, answers requests, and pushes changes
 * to everybody who subscribed to them. Its parts are assembled in `compose.ts`.
 */
export class OperationsAgent extends signalboxAgent(Agent)<Env, Summary> {
	/** The workflows that can be started. The Worker sets it before the first instance is created. */
	static get catalogue(): WorkflowCatalogue {
		return workerCatalogue.get();
	}

	static set catalogue(catalogue: WorkflowCatalogue) {
		workerCatalogue.set(catalogue);
	}

	override initialState: Summary = { counts: {}, pendingApprovals: 0, agents: 0, at: 0 };

	readonly #parts = composeOperations({
		...{ ctx: this.ctx, env: this.env, agent: this, catalogue: OperationsAgent.catalogue }
	});

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		this.lifecycle.use(this.#parts.retentionAlarms);
	}

	override onStart(): void {
		const { fleet, bulkStore, purgeStore, idempotent, store, hub, summary } = this.#parts;
		const { restoreDetector, purges, policies, migrations, bindings } = this.#parts;
		fleet.migrate();
		bulkStore.migrate();
		purgeStore.migrate();
		migrations.migrate();
		idempotent.migrate();
		store.migrate();
		this.#answerHeartbeats();
		hub.restoreSubscriptions();
		summary.writeSummary();
		const [someone] = this.getConnections();
		if (someone) restoreDetector.noteActivity();
		this.ctx.waitUntil(purges.resume().then(() => policies.planNext()));
		this.ctx.waitUntil(bindings.runMigrations());
	}

	/** A run of this Agent's own is in the index once it is started: whoever asked for it looks there. */
	override async runWorkflow<P = unknown>(
		workflow: string,
		params: P,
		options?: MonitoredRunOptions & SdkRunOptions
	): Promise<string> {
		const id = await super.runWorkflow(workflow, params, options);
		await this.operate<'run'>('', { type: 'run', ref: { workflow, id } });
		return id;
	}

	/** Only this Agent writes the summary. */
	override shouldConnectionBeReadonly(): boolean {
		return true;
	}

	/** The summary is not kept up while nobody is connected. */
	override async fetch(request: Request): Promise<Response> {
		if (this.lifecycle.isStarted()) this.#parts.summary.writeSummary();
		return super.fetch(request);
	}

	override onMessage(connection: Connection, message: unknown): void {
		this.#parts.frames.handleMessage(connection, message);
	}

	override onClose(connection: Connection): void {
		this.#parts.frames.handleClose(connection);
	}

	/** A request over the websocket. */
	@callable()
	async perform(request: unknown): Promise<Answer<unknown>> {
		const { connection } = getCurrentAgent();
		const identity = connection && this.identityOf(connection);
		if (identity) return this.#parts.dispatcher.dispatch(identity, request, 'page');
		return { ok: false, problem: problem('unauthenticated', agentErrorText.unauthenticated) };
	}

	/** For the Worker: has an Agent of this path ever reported? */
	async knowsAgent(path: string): Promise<boolean> {
		return this.#parts.fleet.directory.has(path);
	}

	/** For the Worker: records a request for an Agent that it refused. Returns what to answer. */
	async refused(by: Identity, path: string, why: Problem): Promise<Problem> {
		return this.#parts.dispatcher.recordRefusedAccess(by, path, why);
	}

	/** A request of somebody whom the Worker knows. */
	async handle(identity: Identity, request: unknown): Promise<Answer<unknown>> {
		this.#parts.restoreDetector.noteActivity();
		return this.#parts.dispatcher.dispatch(identity, request);
	}

	/**
	 * A run's history from after an event as server-sent events, live until it ends.
	 * Answers with a problem instead when there is no such run.
	 */
	async stream(identity: Identity, input: object): Promise<Answer<ReadableStream<Uint8Array>>> {
		const first = await this.handle(identity, { ...input, type: 'run.events' });
		if (!first.ok) return first;
		const { workflow, id, after, generation } = OPERATIONS['run.events'].input.parse(input);
		const { readers } = this.#parts;
		const events = eventStream({ readers, ref: { workflow, id }, after, generation });
		return { ok: true, value: withinSession(events, identity, 'close') };
	}

	/** Everything that matches, as a file that is written while it is read. */
	async exportFile(
		identity: Identity,
		name: ExportName,
		input: object
	): Promise<Answer<ReadableStream<Uint8Array>>> {
		const first = await this.handle(identity, { ...input, type: name });
		if (!first.ok) return first;
		return {
			ok: true,
			value: withinSession(this.#fileOf(identity, name, input), identity, 'fail')
		};
	}

	#fileOf(identity: Identity, name: ExportName, input: object): ReadableStream<Uint8Array> {
		const { fleet, purges, purgeStore: store, agents } = this.#parts;
		if (name === 'purge.export') {
			const { id, history } = OPERATIONS[name].input.parse(input);
			const parts = { sql: this.ctx.storage.sql, fleet, store, agents };
			return purgeStream(purges.exportable(id), parts, history);
		}
		if (name === 'audit.export') {
			const { query } = OPERATIONS[name].input.parse(input);
			return auditStream(query, fleet.audit);
		}
		const { query: asked } = OPERATIONS[name].input.parse(input);
		const now = Date.now();
		const seen = new VisibleFleet(fleet, identity);
		const pages = asked.runs
			? namedRuns(seen, asked.runs)
			: (query: RunQuery) => seen.page(query, now);
		return exportStream(asked, pages);
	}

	/** Stores what an Agent reports. When this returns, the Agent may forget that it has to report it. */
	async intake(report: Report): Promise<Acknowledgement> {
		const { intake, fleet, restoreDetector } = this.#parts;
		const { resend } = intake.recordReport(report, Date.now());
		// By the Agent's own schedule, which is durable: storing a report waits for no workflow.
		if (fleet.notifications.takeNew()) await this.schedule(1, 'startNotifications');
		if (resend && !restoreDetector.hasRequestedReports) {
			await this.schedule(1, 'askEveryone', undefined, { idempotent: true });
		}
		const [someone] = this.getConnections();
		return { resend, watched: someone !== undefined };
	}

	/** Scheduled when a report shows that this index was restored from an older state. */
	async askEveryone(): Promise<void> {
		await this.#parts.restoreDetector.requestReports();
	}

	/** Wakes this Agent if it is evicted while the runs of a binding move. */
	async scheduleMigrations(): Promise<void> {
		await this.schedule(MIGRATION_RETRY_S, 'continueMigrations', undefined, { idempotent: true });
	}

	/** Scheduled when the runs of a binding begin to move. Safe to repeat. */
	async continueMigrations(): Promise<void> {
		await this.#parts.bindings.runMigrations();
	}

	/** Scheduled when a report has caused notifications. Safe to repeat. */
	async startNotifications(): Promise<void> {
		try {
			await this.#parts.notificationStarter.startQueued();
		} catch {
			// The engine is unavailable, and what is queued stays so.
			await this.schedule(NOTIFY_RETRY_S, 'startNotifications');
		}
	}

	/** For the NOTIFY workflow: what to send now; null when nobody is left to notify. */
	async notificationMessage(id: number): Promise<WebhookMessage | null> {
		return this.#parts.fleet.notifications.message(id, Date.now());
	}

	/** For the NOTIFY workflow: it was delivered or given up. Safe to repeat. */
	async notificationEnded(id: number, error: string | null): Promise<void> {
		this.#parts.fleet.notifications.ended(id, error, Date.now());
	}

	/** For the PURGE workflow: what it is about to delete, and whether somebody has to approve that. */
	async purgeBeginning(purge: string, criteria: PurgeCriteria): Promise<PurgeBeginning> {
		return this.#parts.purges.beginning(purge, criteria);
	}

	/** For the PURGE workflow: deletes the next runs. Safe to repeat. */
	async purgeNext(purge: string, criteria: PurgeCriteria): Promise<PurgeBatch> {
		this.#parts.purges.takeOver(purge, criteria);
		return this.#parts.purgeRunner.deleteNext(purge);
	}

	/** For the BULK workflow: acts on the next runs of a job. Safe to repeat. */
	async bulkNext(job: string): Promise<BulkBatch> {
		return this.#parts.bulkRunner.runNextBatch(job);
	}

	protected override get signalboxOperations(): Operations {
		return this;
	}

	protected override signalboxWorkflowOf(id: string, by: Identity): string {
		const workflow = new VisibleFleet(this.#parts.fleet, by).workflowOf(id);
		if (workflow !== null) return workflow;
		throw new ProblemError('unknown-run', runRequestsText.unknownRunId(id));
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
}
