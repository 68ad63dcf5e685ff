import { z } from 'zod';
import { operationsText } from '../../messages/server/operations';
import { reasonSchema } from '../run/commands';
import { runKey, runSchema } from '../run/run';
import { purgeCriteriaSchema, purgePreviewSchema } from '../wire/purge';
import { dryRun } from './dry-run';
import { change, MEMBERS, post, read } from './operation';

const { summary } = operationsText;

export const purgeOperations = {
	'purge.preview': read({
		summary: summary['purge.preview'],
		roles: ['admin'],
		input: z.strictObject({ criteria: purgeCriteriaSchema, dryRun: dryRun(true) }),
		output: purgePreviewSchema,
		http: [post('/purges', { body: MEMBERS, dryRun: true })]
	}),
	'purge.start': change({
		summary: summary['purge.start'],
		roles: ['admin'],
		input: z.strictObject({
			criteria: purgeCriteriaSchema,
			dryRun: dryRun(false),
			reason: reasonSchema
		}),
		output: runSchema,
		audit: { target: (_input, run) => run && runKey(run), reason: (input) => input.reason },
		http: [post('/purges', { status: 202, body: MEMBERS, dryRun: false })]
	})
};
