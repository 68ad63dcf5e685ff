// Who somebody is, as far as approvals go: by subjects and typed entries, never by display names.
import { describe, expect, it } from 'vitest';
import {
	approverKey,
	isAmong,
	isBy,
	isClaimedBy,
	isRequester,
	obstacleFor,
	subjectNamed,
	type Approval,
	type Decision,
	type Person
} from '../../../../src/lib/protocol';
import { anApproval } from '../../support/approvals';

const ana: Person = {
	subject: 'ana@example.com',
	name: 'Ana Lee',
	email: 'ana@example.com',
	roles: ['viewer', 'approver'],
	groups: ['finance']
};
const renamed: Person = { ...ana, name: 'Ana Miller' };
const named = (name: string): Person => ({
	subject: 'eve@example.com',
	name,
	email: 'eve@example.com',
	roles: ['approver']
});

function decision(by: Partial<Decision>): Decision {
	return { by: 'Ana Lee', at: 1, approved: true, reason: null, data: null, ...by };
}

describe('an approver entry', () => {
	it.each([
		['approver', 'role:approver'],
		['role:admin', 'role:admin'],
		['group:finance', 'group:finance'],
		[' Ana@Example.com ', 'ana@example.com'],
		['email:ana@example.com', 'ana@example.com'],
		['service:ci', 'service:ci'],
		['local:ana', 'local:ana'],
		['ana', 'local:ana'],
		['role:root', 'local:role:root']
	])('%s means %s', (entry, key) => {
		expect(approverKey(entry)).toBe(key);
	});

	it('lets in by role, group, mailbox and subject', () => {
		for (const entry of ['approver', 'group:finance', 'ANA@example.com', 'email:ana@example.com']) {
			expect(isAmong([entry], ana), entry).toBe(true);
			expect(isAmong([entry], renamed), entry).toBe(true);
		}
		const service: Person = { subject: 'service:ci', name: 'service:ci', email: null, roles: [] };
		expect(isAmong(['service:ci'], service)).toBe(true);
	});

	it('lets nobody in by a display name', () => {
		for (const entry of [
			'group:finance',
			'admin',
			'role:admin',
			'ana@example.com',
			'service:ci',
			'local:ana',
			'ana'
		]) {
			expect(isAmong([entry], named(entry)), entry).toBe(false);
		}
	});
});

describe('a decision', () => {
	it('is by whoever has the subject, under any name', () => {
		const own = decision({ subject: 'ana@example.com', email: 'ana@example.com' });
		expect(isBy(own, renamed)).toBe(true);
		expect(isBy(own, named('Ana Lee'))).toBe(false);
	});

	it('from before there were subjects is by the mailbox in any spelling, or the local name', () => {
		expect(isBy(decision({ email: 'Ana@Example.com' }), renamed)).toBe(true);
		expect(isBy(decision({ by: 'ana' }), { subject: 'local:ana' })).toBe(true);
		expect(isBy(decision({ by: 'Ana Lee' }), named('Ana Lee'))).toBe(false);
	});

	it('counts once for a mailbox, however it is spelled', () => {
		const open: Approval = {
			...anApproval({ quorum: 2 }),
			decisions: [decision({ email: ' ANA@example.com ' })]
		};
		expect(obstacleFor(open, ana)?.kind).toBe('already-decided');
		expect(obstacleFor(open, named('Ana Lee'))).toBeNull();
	});
});

describe('the one who asks', () => {
	const asked = (by: Partial<Approval>): Approval => ({
		...anApproval({ allowRequester: false }),
		...by
	});

	it('does not decide under another name', () => {
		const own = asked({ requestedBy: 'Ana Lee', requestedBySubject: 'ana@example.com' });
		for (const person of [ana, renamed]) {
			expect(obstacleFor(own, person)?.kind).toBe('self-approval');
		}
		expect(obstacleFor(own, named('Ana Lee'))).toBeNull();
	});

	it('is whom the workflow means: a mailbox, a subject, or a name where it says no more', () => {
		expect(isRequester(asked({ requestedBy: 'ANA@example.com' }), renamed)).toBe(true);
		expect(isRequester(asked({ requestedBy: 'local:ana' }), { ...ana, subject: 'local:ana' })).toBe(
			true
		);
		expect(isRequester(asked({ requestedBy: 'Ana Lee' }), ana)).toBe(true);
		expect(isRequester(asked({ requestedBy: null }), ana)).toBe(false);
	});
});

describe('a claim', () => {
	it('is kept under another name, and not passed on with the name', () => {
		const kept = anApproval({ claimedBy: 'Ana Lee', claimedBySubject: 'ana@example.com' });
		expect(isClaimedBy(kept, renamed)).toBe(true);
		expect(obstacleFor(kept, renamed)).toBeNull();
		expect(obstacleFor(kept, named('Ana Lee'))?.kind).toBe('claimed');
	});

	it('that was handed over is that of whom the text means', () => {
		expect(subjectNamed(' Ben@Example.com')).toBe('ben@example.com');
		expect(isClaimedBy(anApproval({ claimedBy: 'ben' }), { subject: 'local:ben' })).toBe(true);
		expect(isClaimedBy(anApproval({ claimedBy: null }), { subject: 'local:ben' })).toBe(false);
	});
});
