import { z } from 'zod';
import { operationsText } from '../../messages/server/operations';
import {
	createdWebhookSchema,
	webhookIdSchema,
	webhookInputSchema,
	webhookSchema,
	type WebhookInput
} from '../wire/webhook';
import { change, del, get, post, read } from './operation';

const { summary } = operationsText;
const admin = ['admin'] as const;

/** A webhook without its secret, and without the part of its address that may hold one. */
function withoutSecrets({ secret: _secret, url, ...webhook }: WebhookInput) {
	return { ...webhook, url: new URL(url).origin };
}

export const webhookOperations = {
	'webhooks.list': read({
		summary: summary['webhooks.list'],
		roles: admin,
		place: 'workspace',
		input: z.object({}),
		output: z.array(webhookSchema),
		http: [get('/webhooks')]
	}),
	'webhook.create': change({
		summary: summary['webhook.create'],
		roles: admin,
		place: 'workspace',
		input: z.object({ webhook: webhookInputSchema }),
		output: createdWebhookSchema,
		audit: {
			target: (_input, webhook) => webhook && webhook.id,
			detail: ({ webhook }) => ({ webhook: withoutSecrets(webhook) })
		},
		http: [post('/webhooks', { status: 201, body: { member: 'webhook' } })]
	}),
	'webhook.delete': change({
		summary: summary['webhook.delete'],
		roles: admin,
		place: 'workspace',
		input: z.object({ id: webhookIdSchema }),
		output: z.null(),
		audit: { target: ({ id }) => id },
		http: [del('/webhooks/{id}')]
	})
};
