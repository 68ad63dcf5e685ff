import { z } from 'zod';
import { operationsText } from '../../messages/server/operations';
import { runKey, runSchema } from '../run/run';
import {
	policyIdSchema,
	policyInputSchema,
	policyListSchema,
	policyPreviewSchema,
	policySchema
} from '../wire/policy';
import { dryRun } from './dry-run';
import { change, del, get, post, put, read } from './operation';

const { summary } = operationsText;
const admin = ['admin'] as const;
const onPolicy = z.object({ id: policyIdSchema });
const POLICY = '/policies/{id}';

export const policyOperations = {
	'policies.list': read({
		summary: summary['policies.list'],
		roles: admin,
		place: 'workspace',
		input: z.object({}),
		output: policyListSchema,
		http: [get('/policies')]
	}),
	'policy.preview': read({
		summary: summary['policy.preview'],
		roles: admin,
		place: 'workspace',
		input: z.object({ policy: policyInputSchema, dryRun: dryRun(true) }),
		output: policyPreviewSchema,
		http: [post('/policies', { body: { member: 'policy' }, dryRun: true })]
	}),
	'policy.save': change({
		summary: summary['policy.save'],
		roles: admin,
		place: 'workspace',
		input: z.object({
			id: policyIdSchema.optional(),
			policy: policyInputSchema,
			dryRun: dryRun(false)
		}),
		output: policySchema,
		audit: { target: ({ id }, policy) => policy?.id ?? id ?? null },
		http: [
			post('/policies', { status: 201, body: { member: 'policy' }, dryRun: false }),
			put(POLICY, { body: { member: 'policy' } })
		]
	}),
	'policy.delete': change({
		summary: summary['policy.delete'],
		roles: admin,
		place: 'workspace',
		input: onPolicy,
		output: z.object({ deleted: z.literal(true) }),
		audit: { target: ({ id }) => id },
		http: [del(POLICY)]
	}),
	'policy.run': change({
		summary: summary['policy.run'],
		roles: admin,
		place: 'workspace',
		input: onPolicy,
		output: runSchema.nullable(),
		audit: { target: ({ id }, run) => (run ? runKey(run) : id) },
		http: [post(`${POLICY}/run`, { status: 202 })]
	})
};
