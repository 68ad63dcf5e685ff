import { z } from 'zod';
import {
	approvalFiguresSchema,
	approvalPageSchema,
	approvalSchema,
	agentPageSchema,
	aroundSchema,
	auditEntrySchema,
	bulkPreviewSchema,
	bulkViewSchema,
	createdWebhookSchema,
	decidedManySchema,
	problem,
	openedLinkSchema,
	purgePreviewSchema,
	runEventSchema,
	runPageSchema,
	runSchema,
	savedViewListSchema,
	savedViewSchema,
	suggestionSchema,
	webhookSchema,
	workflowInfoSchema,
	type Answer,
	type RequestInput,
	type RequestType
} from '$lib/protocol';

/** What each request is answered with. */
const VALUES = {
	'workflows.list': z.array(workflowInfoSchema),
	'runs.list': runPageSchema,
	'runs.suggest': z.array(suggestionSchema),
	'runs.export': z.unknown(),
	'run.get': runSchema,
	'run.events': z.object({ events: z.array(runEventSchema), done: z.boolean() }),
	'run.around': aroundSchema,
	'run.audit': z.object({ entries: z.array(auditEntrySchema) }),
	'run.start': runSchema,
	'run.adopt': runSchema,
	'run.pause': runSchema,
	'run.resume': runSchema,
	'run.terminate': runSchema,
	'run.restart': runSchema,
	'run.undo': runSchema,
	'run.send-event': runSchema,
	'run.delete': z.unknown(),
	'agents.list': agentPageSchema,
	'approvals.list': approvalPageSchema,
	'approval.get': approvalSchema,
	'approval.decide': approvalSchema,
	'approval.undo': approvalSchema,
	'approval.deliver-now': approvalSchema,
	'approval.claim': approvalSchema,
	'approval.release': approvalSchema,
	'approval.hand-over': approvalSchema,
	'approvals.decide-many': decidedManySchema,
	'approvals.figures': approvalFiguresSchema,
	'approval.open-link': openedLinkSchema,
	'webhooks.list': z.array(webhookSchema),
	'webhook.create': createdWebhookSchema,
	'webhook.delete': z.unknown(),
	'purge.preview': purgePreviewSchema,
	'purge.start': runSchema,
	'bulk.preview': bulkPreviewSchema,
	'bulk.start': runSchema,
	'bulk.get': bulkViewSchema,
	'bulk.abort': bulkViewSchema,
	'bulk.retry': runSchema,
	'audit.list': z.object({
		entries: z.array(auditEntrySchema),
		nextCursor: z.string().nullable()
	}),
	'views.list': savedViewListSchema,
	'view.save': savedViewSchema,
	'view.delete': z.unknown(),
	'view.pin': savedViewSchema,
	'fleet.reindex': z.object({
		agents: z.number().int(),
		runs: z.number().int(),
		unreachable: z.array(z.string())
	})
} as const satisfies Record<RequestType, z.ZodType>;

/** The value that a request of this type is answered with. */
export type ValueOf<T extends RequestType> = z.output<(typeof VALUES)[T]>;

const SCHEMAS: { [T in RequestType]: z.ZodType<ValueOf<T>> } = VALUES;

/** Whatever can carry a request: the connection. */
export type Caller = { call(request: RequestInput): Promise<Answer<unknown>> };

/** Everything that can be asked for, with answers that are read and typed. */
export class Requests {
	#caller: Caller;

	constructor(caller: Caller) {
		this.#caller = caller;
	}

	/** Asks, and reads the answer's value by the request's own schema. It never rejects. */
	async ask<T extends RequestType>(
		request: RequestInput & { type: T }
	): Promise<Answer<ValueOf<T>>> {
		const answer = await this.#caller.call(request);
		if (!answer.ok) return answer;
		const value = SCHEMAS[request.type].safeParse(answer.value);
		if (value.success) return { ok: true, value: value.data };
		console.error(`Signalbox could not read the answer to ${request.type}:`, value.error);
		return { ok: false, problem: problem('internal', 'The answer could not be read.') };
	}
}
