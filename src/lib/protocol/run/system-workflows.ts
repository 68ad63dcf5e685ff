// The workflows that Signalbox itself runs. Whoever controls one of their runs repeats or stops what
// it does, so that takes the role of what it does, whatever the operation alone would take.
import { problemsText } from '../../messages/server/problems';
import { OPERATIONS } from '../contract';
import type { Identity, Role } from '../wire/identity';
import { problem, type Problem } from '../wire/problem';
import { BULK_ACTIONS, BULK_WORKFLOW } from './bulk';
import type { Run } from './run';

/** Workflows whose runs are controlled by admins only: deleting records, and telling webhooks. */
const ADMIN_WORKFLOWS: readonly string[] = ['PURGE', 'NOTIFY'];

/** The bindings of the workflows that Signalbox itself runs. */
export const SYSTEM_WORKFLOWS: readonly string[] = [...ADMIN_WORKFLOWS, BULK_WORKFLOW];

/** Of these roles one is needed to control a run, beside those of the operation; null for none. */
export function controlRoles({ workflow, metadata }: ControlledRun): readonly Role[] | null {
	if (ADMIN_WORKFLOWS.includes(workflow)) return ['admin'];
	if (workflow !== BULK_WORKFLOW) return null;
	const action = BULK_ACTIONS.find((each) => each === metadata['action']);
	return action ? OPERATIONS[`run.${action}`].roles : ['admin'];
}

/** What of a run decides who may control it. */
export type ControlledRun = Pick<Run, 'workflow' | 'metadata'>;

/** May somebody with these roles control the run, as far as what it does is concerned? */
export function mayControl(run: ControlledRun, roles: readonly Role[]): boolean {
	const needed = controlRoles(run);
	return needed === null || needed.some((role) => roles.includes(role));
}

/** The problem that a person gets who may not control the run; null for one who may. */
export function controlRefusal(run: ControlledRun, by: Identity): Problem | null {
	if (mayControl(run, by.roles)) return null;
	const needed = (controlRoles(run) ?? []).join(' or ');
	const held = by.roles.join(', ') || problemsText.noRole;
	return problem(
		'forbidden',
		problemsText.controlRoleRequired(run.workflow, needed, by.name, held)
	);
}
