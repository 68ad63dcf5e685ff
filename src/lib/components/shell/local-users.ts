import { ROLES, type Identity } from '$lib/protocol';

/** A user that a local server accepts without sign-in. */
export type LocalUser = Pick<Identity, 'name' | 'roles' | 'scopedRoles' | 'groups'>;

/** The users that the menu offers locally: one for each role. */
export const LOCAL_USERS: readonly LocalUser[] = [
	{ name: 'you', roles: [...ROLES] },
	{ name: 'olive', roles: ['viewer', 'operator'] },
	{ name: 'ana', roles: ['viewer', 'approver'] },
	{ name: 'finn', roles: ['viewer', 'approver'], groups: ['finance'] },
	{ name: 'rita', roles: [], scopedRoles: ['viewer:REFUND', 'approver:REFUND'] },
	{ name: 'adam', roles: ['viewer', 'admin'] },
	{ name: 'vera', roles: ['viewer'] }
];
