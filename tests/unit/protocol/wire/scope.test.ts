import { describe, expect, it } from 'vitest';
import {
	identitySchema,
	isWithin,
	personAnywhere,
	personAt,
	reachOf,
	roleMapSchema,
	rolesAnywhere,
	rolesAt,
	rolesGiven,
	visibleTo
} from '../../../../src/lib/protocol';

const ana = {
	roles: ['viewer' as const],
	scopedRoles: ['approver:REFUND', 'operator:store-agent/berlin']
};
const berlin = 'store-agent/berlin';

describe('a limited role', () => {
	it('is held at its workflow, or at its Agent and the Agents below it', () => {
		expect(rolesAt(ana, { workflow: 'REFUND', agent: 'store-agent/paris' })).toEqual([
			'viewer',
			'approver'
		]);
		expect(rolesAt(ana, { workflow: 'REFUND', agent: berlin })).toEqual([
			'viewer',
			'operator',
			'approver'
		]);
		const below = { workflow: null, agent: `${berlin}/sub/aisle-agent/1` };
		expect(rolesAt(ana, below)).toEqual(['viewer', 'operator']);
		for (const agent of ['store-agent/berlin2', 'store-agent', 'store-agent/Berlin', '']) {
			expect(rolesAt(ana, { workflow: 'refund', agent }), agent).toEqual(['viewer']);
		}
	});

	it('is no role for the workspace', () => {
		expect(reachOf(ana, ['viewer'])).toBe('everywhere');
		expect(reachOf(ana, ['approver'])).toEqual({ workflows: ['REFUND'], agents: [] });
		expect(reachOf(ana, ['admin'])).toEqual({ workflows: [], agents: [] });
		expect(visibleTo({ ...ana, roles: [] })).toEqual({ workflows: ['REFUND'], agents: [berlin] });
		expect(isWithin(reachOf(ana, ['admin']), { workflow: 'REFUND', agent: berlin })).toBe(false);
	});

	it('becomes a role of the person at its place', () => {
		expect(rolesAnywhere(ana)).toEqual(['viewer', 'operator', 'approver']);
		expect(personAt(ana, { workflow: 'REFUND', agent: 'x/y' })).toEqual({
			roles: ['viewer', 'approver']
		});
		expect(personAnywhere(ana)).toEqual({ roles: ['viewer', 'operator', 'approver'] });
		const unlimited = { roles: ['admin' as const] };
		expect(personAt(unlimited, { workflow: 'REFUND', agent: 'x/y' })).toBe(unlimited);
	});

	it('is given beside other roles, once', () => {
		expect(rolesGiven(['approver:REFUND', 'viewer', 'approver:REFUND', 'admin'])).toEqual({
			roles: ['viewer', 'admin'],
			scopedRoles: ['approver:REFUND']
		});
		expect(rolesGiven(['viewer'])).toEqual({ roles: ['viewer'] });
	});

	it('is read from the configuration as a workflow or an Agent, and nothing else', () => {
		for (const role of ['operator:store-agent/berlin', 'viewer:REFUND', 'approver:a-b/c%20d']) {
			expect(roleMapSchema.safeParse({ '*': [role] }).success, role).toBe(true);
		}
		const wrong = ['admin:REFUND', 'operator:', ':REFUND', 'king:REFUND', 'viewer:store agent/x'];
		for (const role of [...wrong, 'viewer:a/b/c', 'viewer:REFUND:X', 'viewer:*', 'viewer:%/x']) {
			const read = roleMapSchema.safeParse({ '*': [role] });
			expect(read.success, role).toBe(false);
			expect(read.error?.issues[0]?.message).toContain('approver:REFUND');
		}
		const many = Array.from({ length: 101 }, (_, n) => `viewer:W${n}`);
		const identity = { subject: 'a', name: 'a', email: null, roles: [], scopedRoles: many };
		expect(identitySchema.safeParse(identity).success).toBe(false);
	});
});
