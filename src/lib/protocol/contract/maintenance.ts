import { z } from 'zod';
import { operationsText } from '../../messages/server/operations';
import { reasonSchema } from '../run/commands';
import { workflowNameSchema } from '../run/run';
import {
	bindingMigrationSchema,
	bindingPreviewSchema,
	bindingsSchema,
	doctorFixSchema,
	doctorReportSchema
} from '../wire/maintenance';
import { dryRun } from './dry-run';
import { change, get, MEMBERS, post, read } from './operation';

const { summary } = operationsText;
const admin = ['admin'] as const;
const MIGRATE = '/bindings/{from}/migrate';
const move = z.strictObject({ from: workflowNameSchema, to: workflowNameSchema });

export const maintenanceOperations = {
	'bindings.list': read({
		summary: summary['bindings.list'],
		roles: admin,
		place: 'workspace',
		input: z.object({}),
		output: bindingsSchema,
		http: [get('/bindings')]
	}),
	'binding.preview': read({
		summary: summary['binding.preview'],
		roles: admin,
		place: 'workspace',
		input: move.extend({ dryRun: dryRun(true) }),
		output: bindingPreviewSchema,
		http: [post(MIGRATE, { body: MEMBERS, dryRun: true })]
	}),
	'binding.migrate': change({
		summary: summary['binding.migrate'],
		roles: admin,
		place: 'workspace',
		input: move.extend({ dryRun: dryRun(false), reason: reasonSchema }),
		output: bindingMigrationSchema,
		audit: { target: ({ from }) => from, reason: ({ reason }) => reason },
		http: [post(MIGRATE, { status: 202, body: MEMBERS, dryRun: false })]
	}),
	'doctor.check': read({
		summary: summary['doctor.check'],
		roles: admin,
		place: 'workspace',
		input: z.object({}),
		output: doctorReportSchema,
		http: [get('/doctor')]
	}),
	'doctor.fix': change({
		summary: summary['doctor.fix'],
		roles: admin,
		place: 'workspace',
		input: doctorFixSchema,
		output: z.object({ fixed: z.number().int(), left: z.number().int() }),
		audit: { target: ({ agent }) => agent ?? null },
		http: [post('/doctor/fixes', { body: MEMBERS })]
	})
};
