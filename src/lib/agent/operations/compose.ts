// Assembles the parts of the Operations agent, each after the parts that it uses. Every part receives
// the classes that it calls. Only `ChangePublisher` is given its listeners at the end: some of them
// publish changes themselves.
import {
	purgeSettings,
	reasonsRequired,
	type Summary,
	type WorkflowCatalogue
} from '../../protocol';
import type { ClientConnections } from '../clients/connection-identities';
import type { MonitoredAgent } from '../monitored-types';
import type { AgentHop } from '../rpc/agent-address';
import { Alarms } from '../monitor/alarms';
import { AgentRpc } from '../rpc/agent-client';
import { ApprovalRequests } from './approvals/approval-requests';
import { BulkJobs } from './bulk/bulk-jobs';
import { BulkRunner } from './bulk/bulk-runner';
import { BulkStore } from './bulk/bulk-store';
import { ChangePublisher } from './change-publisher';
import { Fleet } from './fleet';
import { LostRuns } from './lost-runs';
import { Policies } from './purge/policies';
import { PolicyStore } from './purge/policy-store';
import { PurgeRunner } from './purge/purge-runner';
import { PurgeStore } from './purge/purge-store';
import { Bindings } from './maintenance/bindings';
import { Doctor } from './maintenance/doctor';
import { MigrationStore } from './maintenance/migration-store';
import { Purges } from './purge/purges';
import { ReportIntake } from './report-intake';
import { approvalHandlers } from './requests/approval-handlers';
import { AuditedStates } from './requests/audited-states';
import { Authority } from './requests/authority';
import { batchHandlers } from './requests/batch-handlers';
import { Dispatcher } from './requests/dispatcher';
import { fleetHandlers } from './requests/fleet-handlers';
import { IdempotentRequests } from './requests/idempotent-requests';
import { maintenanceHandlers } from './requests/maintenance-handlers';
import { RequestLimits } from './requests/request-limits';
import { runHandlers } from './requests/run-handlers';
import { Redaction } from './redaction';
import { RestoreDetector } from './restore-detector';
import { RunReaders } from './runs/run-readers';
import { RunRequests } from './runs/run-requests';
import { PageCache } from './subscriptions/page-cache';
import { SubscriptionFrames } from './subscriptions/subscription-frames';
import { SubscriptionHub } from './subscriptions/subscription-hub';
import { SubscriptionRegistry } from './subscriptions/subscription-registry';
import { SubscriptionStore } from './subscriptions/subscription-store';
import { SummarySync } from './subscriptions/summary-sync';
import { ViewCounter } from './subscriptions/view-counter';
import { NotificationStarter } from './webhooks/notification-starter';

/** What the parts need of the Operations agent. */
export type OperationsHost = {
	ctx: DurableObjectState;
	env: object;
	agent: MonitoredAgent &
		ClientConnections & {
			readonly selfPath: readonly AgentHop[];
			readonly state: Summary;
			setState(summary: Summary): void;
			scheduleMigrations(): Promise<unknown>;
		};
	/** The workflows that can be started. */
	catalogue: WorkflowCatalogue;
};

export function composeOperations({ ctx, env, agent, catalogue }: OperationsHost) {
	const { storage } = ctx;
	const redaction = new Redaction(env, catalogue);
	const fleet = new Fleet(storage, redaction);
	const publisher = new ChangePublisher();
	const lostRuns = new LostRuns({ storage, fleet, publisher });
	const agents = new AgentRpc(env, agent, { redaction, lostRuns });
	const summary = new SummarySync(fleet, agent);

	const registry = new SubscriptionRegistry(agent);
	const store = new SubscriptionStore(storage.sql, registry);
	const readers = new RunReaders({ ctx, fleet, agents, registry });
	const counter = new ViewCounter({ fleet, registry, publisher });
	const pages = new PageCache();
	const hub = new SubscriptionHub({
		...{ ctx, connections: agent, fleet, readers, counter, pages, registry, store, summary }
	});
	publisher.setListeners(hub, counter, readers);

	const intake = new ReportIntake({ storage, fleet, publisher, lostRuns });
	const notificationStarter = new NotificationStarter(fleet.notifications, agent);
	const runs = new RunRequests({ fleet, agents, catalogue, publisher });
	const approvals = new ApprovalRequests(fleet, agents);
	const settings = purgeSettings(env);
	const purgeStore = new PurgeStore(storage.sql);
	const purges = new Purges({ storage, fleet, store: purgeStore, runs, agent, settings });
	const purgeRunner = new PurgeRunner({
		...{ storage, env, fleet, agents, store: purgeStore, publisher, settings }
	});
	const retentionAlarms = new Alarms('signalbox-retention');
	const policyStore = new PolicyStore(storage.sql);
	const policies = new Policies({
		...{ fleet, store: policyStore, purges, alarms: retentionAlarms, publisher }
	});
	retentionAlarms.setTarget(policies);
	const states = new AuditedStates(fleet, policyStore);
	const bulkStore = new BulkStore(storage.sql);
	const bulkRunner = new BulkRunner({
		...{ storage, fleet, runs, store: bulkStore, publisher, states }
	});
	const bulk = new BulkJobs({ storage, fleet, runs, store: bulkStore, agent });

	const migrations = new MigrationStore(storage.sql);
	const scheduleMigrations = () => agent.scheduleMigrations();
	const bindings = new Bindings({
		...{ storage, env, fleet, agents, store: migrations, scheduleMigrations }
	});
	const doctor = new Doctor({ storage, fleet, agents, runs, bindings });

	const handlers = {
		...runHandlers(fleet, runs, catalogue, purges),
		...approvalHandlers(fleet, approvals),
		...batchHandlers(fleet, purges, policies, bulk, agents),
		...fleetHandlers(fleet, counter, agents, publisher, env),
		...maintenanceHandlers(bindings, doctor)
	};
	const idempotent = new IdempotentRequests(storage.sql);
	const limits = new RequestLimits(env);
	const dispatcher = new Dispatcher({
		...{ handlers, approvals, audit: fleet.audit, idempotent, publisher, states, limits },
		authority: new Authority(fleet, bulkStore, catalogue),
		reasonsRequired: reasonsRequired(env)
	});
	const restoreDetector = new RestoreDetector({
		...{ ctx, directory: fleet.directory, agents, dispatcher }
	});
	const frames = new SubscriptionFrames({
		connections: agent,
		hub,
		readers,
		restoreDetector,
		limits
	});

	return {
		...{ fleet, store, hub, summary, readers, frames, intake, notificationStarter, runs, purges },
		...{ bulkStore, bulkRunner, purgeStore, purgeRunner, idempotent, dispatcher, restoreDetector },
		...{ agents, policies, retentionAlarms, migrations, bindings }
	};
}
