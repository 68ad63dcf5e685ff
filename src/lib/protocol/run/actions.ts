import type { Role } from '../wire/identity';
import { mayRequest, type OperationName } from '../contract';
import type { RunStatus } from './status';
import { mayControl, type ControlledRun } from './system-workflows';

/** What a person can do to one run. */
export const RUN_ACTIONS = ['pause', 'resume', 'terminate', 'restart', 'delete'] as const;
export type RunAction = (typeof RUN_ACTIONS)[number];

const BY_STATUS: Record<RunStatus, readonly RunAction[]> = {
	queued: ['pause', 'terminate', 'restart'],
	running: ['pause', 'terminate', 'restart'],
	waiting: ['pause', 'terminate', 'restart'],
	waitingForPause: ['resume', 'terminate'],
	paused: ['resume', 'terminate', 'restart'],
	rollingBack: [],
	complete: ['restart', 'delete'],
	errored: ['restart', 'delete'],
	terminated: ['restart', 'delete'],
	unknown: ['delete']
};

const REQUEST: Record<RunAction, OperationName> = {
	pause: 'run.pause',
	resume: 'run.resume',
	terminate: 'run.terminate',
	restart: 'run.restart',
	delete: 'run.delete'
};

/** None for a status of a newer server: what it admits is not known. */
function actionsOf(status: RunStatus): readonly RunAction[] {
	return Object.hasOwn(BY_STATUS, status) ? BY_STATUS[status] : [];
}

/** The actions that a run's status admits, and whether these roles may do them to this run. */
export function availableActions(
	run: ControlledRun & { status: RunStatus },
	roles: readonly Role[]
): { action: RunAction; allowed: boolean }[] {
	return actionsOf(run.status).map((action) => ({
		action,
		allowed: mayRequest(REQUEST[action], roles) && mayControl(run, roles)
	}));
}

/** Does a run's status admit the action? */
export function admits(status: RunStatus, action: RunAction): boolean {
	return actionsOf(status).includes(action);
}
