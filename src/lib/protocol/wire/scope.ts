// Roles that are limited to one workflow, or to one Agent and its sub-agents: `approver:REFUND`,
// `operator:store-agent/berlin`. Somebody whose roles are all limited sees nothing else.
import type { Run } from '../run/run';
import { parseScopedRole, ROLES, type Identity, type Role } from './identity';

/** Where a run is, or where one is to be started. Without a workflow: the Agent itself. */
export type Place = { workflow: string | null; agent: string };

/** The part of a workspace that somebody's roles are for; a run in either list is in it. */
export type LimitedReach = {
	/** Bindings. */
	readonly workflows: readonly string[];
	/** Paths of Agents, which stand for their sub-agents, too. */
	readonly agents: readonly string[];
};
export type Reach = 'everywhere' | LimitedReach;

/** Whose roles are asked about. */
export type RoleHolder = Pick<Identity, 'roles' | 'scopedRoles'>;

export function runPlace({ workflow, agent }: Pick<Run, 'workflow' | 'agent'>): Place {
	return { workflow, agent: agent.path };
}

/** Where one of these roles is held. */
export function reachOf({ roles, scopedRoles = [] }: RoleHolder, needed: readonly Role[]): Reach {
	if (roles.some((role) => needed.includes(role))) return 'everywhere';
	const scopes = scopedRoles
		.map(parseScopedRole)
		.flatMap(({ role, scope }) => (needed.includes(role) ? [scope] : []));
	const isAgent = (scope: string) => scope.includes('/');
	return {
		workflows: [...new Set(scopes.filter((scope) => !isAgent(scope)))].toSorted(),
		agents: [...new Set(scopes.filter(isAgent))].toSorted()
	};
}

/** What somebody sees: where they have any role. */
export function visibleTo(by: RoleHolder): Reach {
	return reachOf(by, ROLES);
}

export function isWithin(reach: Reach, place: Place): boolean {
	if (reach === 'everywhere') return true;
	const { workflow, agent } = place;
	return (
		(workflow !== null && reach.workflows.includes(workflow)) ||
		reach.agents.some((path) => agent === path || agent.startsWith(`${path}/`))
	);
}

/** The roles that somebody has at a place. */
export function rolesAt(by: RoleHolder, place: Place): Role[] {
	return ROLES.filter((role) => isWithin(reachOf(by, [role]), place));
}

/** The roles that somebody has anywhere. */
export function rolesAnywhere({ roles, scopedRoles = [] }: RoleHolder): Role[] {
	const held = [...roles, ...scopedRoles.map((each) => parseScopedRole(each).role)];
	return ROLES.filter((role) => held.includes(role));
}

/** The same person, with the roles that they have there and no limited ones. */
export function personAt<T extends RoleHolder>(by: T, place: Place): T {
	return withRoles(by, rolesAt(by, place));
}

/** The same person, with the roles that they have anywhere: what is theirs is judged by itself. */
export function personAnywhere<T extends RoleHolder>(by: T): T {
	return withRoles(by, rolesAnywhere(by));
}

function withRoles<T extends RoleHolder>(by: T, roles: Role[]): T {
	if ((by.scopedRoles ?? []).length === 0) return by;
	const { scopedRoles: _scopedRoles, ...person } = by;
	return { ...person, roles } as T; // `scopedRoles` is optional
}
