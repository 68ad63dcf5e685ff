import { z } from 'zod';
import { operationsText } from '../../messages/server/operations';
import { purgeText } from '../../messages/server/purge';
import { reasonSchema } from '../run/commands';
import { limitSchema } from '../run/query';
import { runKey, runSchema } from '../run/run';
import {
	purgeCriteriaSchema,
	purgeIdSchema,
	purgePreviewSchema,
	purgeViewSchema,
	tombstoneSchema,
	tombstonesQuerySchema
} from '../wire/purge';
import { dryRun } from './dry-run';
import { change, get, MEMBERS, post, read } from './operation';

const { summary } = operationsText;
const admin = ['admin'] as const;
const onPurge = z.object({ id: purgeIdSchema });
const PURGE = '/purges/{id}';
const target = ({ id }: { id: string }) => runKey({ workflow: 'PURGE', id });

export const purgeOperations = {
	'purge.preview': read({
		summary: summary['purge.preview'],
		roles: admin,
		place: 'workspace',
		input: z.strictObject({ criteria: purgeCriteriaSchema, dryRun: dryRun(true) }),
		output: purgePreviewSchema,
		http: [post('/purges', { body: MEMBERS, dryRun: true })]
	}),
	'purge.start': change({
		summary: summary['purge.start'],
		roles: admin,
		place: 'workspace',
		input: z
			.strictObject({
				/** Deletes what matches now. */
				criteria: purgeCriteriaSchema.optional(),
				/** Deletes exactly what this preview lists, `total` runs. */
				preview: purgeIdSchema.optional(),
				total: z.number().int().min(0).optional(),
				/** Deletes the engine's instances as well. */
				instances: z.boolean().optional(),
				dryRun: dryRun(false),
				reason: reasonSchema
			})
			.refine(({ criteria, preview }) => (criteria === undefined) !== (preview === undefined), {
				message: purgeText.previewOrCriteria
			})
			.refine(({ preview, total }) => preview === undefined || total !== undefined, {
				path: ['total'],
				message: purgeText.totalMissing
			}),
		output: runSchema,
		audit: { target: (_input, run) => run && runKey(run), reason: (input) => input.reason },
		http: [post('/purges', { status: 202, body: MEMBERS, dryRun: false })]
	}),
	'purges.list': read({
		summary: summary['purges.list'],
		roles: admin,
		place: 'workspace',
		input: z.object({ query: z.strictObject({ limit: limitSchema.default(20) }) }),
		output: z.object({ purges: z.array(purgeViewSchema) }),
		http: [get('/purges', { query: { member: 'query' } })]
	}),
	'purge.get': read({
		summary: summary['purge.get'],
		roles: admin,
		place: 'workspace',
		input: onPurge,
		output: purgeViewSchema,
		http: [get(PURGE)]
	}),
	'purge.export': read({
		summary: summary['purge.export'],
		roles: admin,
		place: 'workspace',
		input: onPurge.extend({
			/** With the whole params, output and history of each run, from its Agent. */
			history: z
				.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')])
				.default(false)
		}),
		output: z.null(), // the file comes as a stream
		http: [get(`${PURGE}/export`, { query: MEMBERS, stream: 'file' })]
	}),
	'purge.pause': change({
		summary: summary['purge.pause'],
		roles: admin,
		place: 'workspace',
		input: onPurge,
		output: purgeViewSchema,
		audit: { target },
		http: [post(`${PURGE}/pause`)]
	}),
	'purge.resume': change({
		summary: summary['purge.resume'],
		roles: admin,
		place: 'workspace',
		input: onPurge,
		output: purgeViewSchema,
		audit: { target },
		http: [post(`${PURGE}/resume`)]
	}),
	'purge.abort': change({
		summary: summary['purge.abort'],
		roles: admin,
		place: 'workspace',
		input: onPurge,
		output: purgeViewSchema,
		audit: { target },
		http: [post(`${PURGE}/abort`)]
	}),
	'tombstones.list': read({
		summary: summary['tombstones.list'],
		roles: admin,
		place: 'workspace',
		input: z.object({ query: tombstonesQuerySchema }),
		output: z.object({
			tombstones: z.array(tombstoneSchema),
			nextCursor: z.string().nullable()
		}),
		http: [get('/tombstones', { query: { member: 'query' } })]
	})
};
