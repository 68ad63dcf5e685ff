// Addresses that are told what becomes of approvals.
import { fieldErrorsText } from '../../messages/server/field-errors';
import { z } from 'zod';
import { SEVERITIES, severitySchema } from '../approval/approval';
import { timestampSchema } from './json';
import { workflowNameSchema } from '../run/run';

/**
 * What a webhook is told: `requested` somebody has to decide, `escalated` more people may, `expiring`
 * its deadline is near, `decided` people did and it can be undone no more, `expired` time did.
 */
export const WEBHOOK_EVENTS = ['requested', 'escalated', 'expiring', 'decided', 'expired'] as const;
export const webhookEventSchema = z.enum(WEBHOOK_EVENTS);
export type WebhookEvent = z.infer<typeof webhookEventSchema>;

export const webhookIdSchema = z.string().regex(/^wh_[a-z0-9]{6,40}$/, fieldErrorsText.webhookId);

const address = z
	.url({ protocol: /^https?$/, error: fieldErrorsText.httpUrl })
	.max(2000)
	.refine(
		(url) => !URL.canParse(url) || new URL(url).username === '',
		fieldErrorsText.urlWithCredentials
	);

/** What `POST /webhooks` takes. */
export const webhookInputSchema = z.strictObject({
	url: address,
	events: z
		.array(webhookEventSchema)
		.min(1)
		.default([...WEBHOOK_EVENTS]),
	/** Only approvals of this workflow; of all when null. */
	workflow: workflowNameSchema.nullable().default(null),
	/** Only approvals of these severities. */
	severity: z
		.array(severitySchema)
		.min(1)
		.default([...SEVERITIES]),
	/** `slack` is what a Slack-compatible incoming webhook reads. */
	format: z.enum(['json', 'slack']).default('json'),
	/** Signs what is sent; made by the server when left out, and shown once. */
	secret: z.string().min(16).max(200).optional(),
	/** Where links lead: this Signalbox's own address. Without it nothing has a link. */
	base: address.optional()
});
export type WebhookInput = z.output<typeof webhookInputSchema>;

/** A webhook as admins see it, without its secret. */
export const webhookSchema = webhookInputSchema.omit({ secret: true, base: true }).extend({
	id: webhookIdSchema,
	base: z.string().nullable(),
	createdBy: z.string(),
	createdAt: timestampSchema,
	/** How many notifications are on their way, arrived, and were given up. */
	sending: z.number().int(),
	delivered: z.number().int(),
	failed: z.number().int(),
	lastError: z.string().nullable()
});
export type Webhook = z.infer<typeof webhookSchema>;

/** What making one is answered with: the secret is told here and nowhere else. */
export const createdWebhookSchema = webhookSchema.extend({ secret: z.string() });
export type CreatedWebhook = z.infer<typeof createdWebhookSchema>;

/** What a link to an approval is answered with: where it leads. */
export const openedLinkSchema = z.object({ approval: z.string() });
export type OpenedLink = z.infer<typeof openedLinkSchema>;

/** What is sent to a webhook. */
export type WebhookMessage = { url: string; body: string; headers: Record<string, string> };
