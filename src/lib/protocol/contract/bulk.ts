import { z } from 'zod';
import { operationsText } from '../../messages/server/operations';
import {
	BULK_WORKFLOW,
	bulkJobSchema,
	bulkPreviewSchema,
	bulkQuerySchema,
	bulkRetrySchema,
	bulkViewSchema
} from '../run/bulk';
import { runIdSchema, runKey, runSchema, type Run } from '../run/run';
import { ROLES } from '../wire/identity';
import { dryRun } from './dry-run';
import { change, get, MEMBERS, post, read } from './operation';

const { summary } = operationsText;

const onJob = z.object({ id: runIdSchema });
const JOB = '/bulk-actions/{id}';
/** A job also needs the role of its own action. */
const operatorOrAdmin = ['operator', 'admin'] as const;
const target = ({ id }: { id: string }) => runKey({ workflow: BULK_WORKFLOW, id });
/** With what the job's run says of itself: how many runs it is for. */
const detail = (input: object, run: Run | null) => ({ ...input, ...run?.metadata });

export const bulkOperations = {
	'bulk.preview': read({
		summary: summary['bulk.preview'],
		roles: operatorOrAdmin,
		place: 'visible',
		input: z.object({ job: bulkJobSchema, dryRun: dryRun(true) }),
		output: bulkPreviewSchema,
		http: [post('/bulk-actions', { body: { member: 'job' }, dryRun: true })]
	}),
	'bulk.start': change({
		summary: summary['bulk.start'],
		roles: operatorOrAdmin,
		place: 'visible',
		input: z.object({ job: bulkJobSchema, dryRun: dryRun(false) }),
		output: runSchema,
		audit: {
			target: (_input, run) => run && runKey(run),
			reason: ({ job }) => job.reason,
			detail
		},
		http: [post('/bulk-actions', { status: 202, body: { member: 'job' }, dryRun: false })]
	}),
	'bulk.get': read({
		summary: summary['bulk.get'],
		roles: ROLES,
		place: 'job',
		input: onJob.extend({ query: bulkQuerySchema }),
		output: bulkViewSchema,
		http: [get(JOB, { query: { member: 'query' } })]
	}),
	'bulk.abort': change({
		summary: summary['bulk.abort'],
		roles: operatorOrAdmin,
		place: 'job',
		input: onJob,
		output: bulkViewSchema,
		audit: { target },
		http: [post(`${JOB}/abort`)]
	}),
	'bulk.retry': change({
		summary: summary['bulk.retry'],
		roles: operatorOrAdmin,
		place: 'job',
		input: onJob.extend(bulkRetrySchema.shape),
		output: runSchema,
		audit: { target: (input, run) => (run ? runKey(run) : target(input)), detail },
		http: [post(`${JOB}/retry`, { status: 202, body: MEMBERS })]
	})
};
