import { z } from 'zod';
import { operationsText } from '../../messages/server/operations';
import { agentPageSchema, agentsQuerySchema } from '../wire/agent-counts';
import {
	auditEntrySchema,
	auditExportSchema,
	auditQuerySchema,
	auditVerificationSchema
} from '../wire/audit';
import { ROLES } from '../wire/identity';
import { change, get, post, read } from './operation';

const { summary } = operationsText;
const admin = ['admin'] as const;

export const fleetOperations = {
	'agents.list': read({
		summary: summary['agents.list'],
		roles: ROLES,
		place: 'visible',
		input: z.object({ query: agentsQuerySchema }),
		output: agentPageSchema,
		http: [get('/agents', { query: { member: 'query' } })]
	}),
	'audit.list': read({
		summary: summary['audit.list'],
		roles: admin,
		place: 'workspace',
		input: z.object({ query: auditQuerySchema }),
		output: z.object({ entries: z.array(auditEntrySchema), nextCursor: z.string().nullable() }),
		http: [get('/audit', { query: { member: 'query' } })]
	}),
	'audit.export': read({
		summary: summary['audit.export'],
		roles: admin,
		place: 'workspace',
		input: z.object({ query: auditExportSchema }),
		output: z.null(), // the file comes as a stream
		http: [get('/audit/export', { query: { member: 'query' }, stream: 'file' })]
	}),
	'audit.verify': read({
		summary: summary['audit.verify'],
		roles: admin,
		place: 'workspace',
		input: z.object({}),
		output: auditVerificationSchema,
		http: [get('/audit/verify')]
	}),
	'fleet.reindex': change({
		summary: summary['fleet.reindex'],
		roles: admin,
		place: 'workspace',
		input: z.object({}),
		output: z.object({
			agents: z.number().int(),
			runs: z.number().int(),
			unreachable: z.array(z.string())
		}),
		audit: { target: () => null },
		http: [post('/fleet/reindex')]
	})
};
