import { ROLES, type Identity } from '$lib/protocol';

/** Somebody whom a local server takes one for. */
export type Person = Pick<Identity, 'name' | 'roles' | 'groups'>;

/** The persons that the menu offers locally: one for each part there is to play. */
export const LOCAL_USERS: readonly Person[] = [
	{ name: 'you', roles: [...ROLES] },
	{ name: 'olive', roles: ['viewer', 'operator'] },
	{ name: 'ana', roles: ['viewer', 'approver'] },
	{ name: 'finn', roles: ['viewer', 'approver'], groups: ['finance'] },
	{ name: 'adam', roles: ['viewer', 'admin'] },
	{ name: 'vera', roles: ['viewer'] }
];
