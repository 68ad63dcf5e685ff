import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	decodeIdentity,
	encodeIdentity,
	formatLocalIdentity,
	parseLocalIdentity,
	ROLES,
	storedIdentitySchema,
	type Me
} from '../../../../src/lib/protocol';

const roleSet = fc.subarray([...ROLES]).map((some) => ROLES.filter((role) => some.includes(role)));
const name = fc
	.string({ unit: 'binary', minLength: 1, maxLength: 200 })
	// A name with an @ can be an email, and is taken for one.
	.filter((text) => text.trim() === text && !/^$|@/.test(text) && text.length <= 200);

describe('a local identity', () => {
	it('is a name and its roles', () => {
		expect(parseLocalIdentity('ana:viewer,approver')).toEqual({
			subject: 'local:ana',
			name: 'ana',
			email: null,
			roles: ['viewer', 'approver']
		});
	});

	it('may have spaces, repeat a role or have none', () => {
		expect(parseLocalIdentity(' Ana Lee : viewer , viewer,')).toEqual({
			subject: 'local:Ana Lee',
			name: 'Ana Lee',
			email: null,
			roles: ['viewer']
		});
		expect(parseLocalIdentity('ana')?.roles).toEqual([]);
		expect(parseLocalIdentity('ana:')?.roles).toEqual([]);
	});

	it('has the groups that are marked as such, and an email when the name is one', () => {
		const text = 'ana@example.com:approver,@finance,@night shift';
		expect(parseLocalIdentity(text)).toEqual({
			subject: 'ana@example.com',
			name: 'ana@example.com',
			email: 'ana@example.com',
			roles: ['approver'],
			groups: ['finance', 'night shift']
		});
		const ana = parseLocalIdentity(text);
		expect(ana && formatLocalIdentity(ana)).toBe(text);
		expect(parseLocalIdentity('ana:@')).toBeNull();
	});

	it('has one subject for all spellings of a mailbox, and none of another kind', () => {
		for (const spelling of ['Ana@Example.com', ' ana@example.COM ', 'ANA@EXAMPLE.COM']) {
			const ana = parseLocalIdentity(`${spelling}:approver`);
			expect(ana).toMatchObject({ subject: 'ana@example.com', email: 'ana@example.com' });
		}
		for (const name of ['group:finance', 'service:ci', 'local:ana', 'group:a@example.com']) {
			const posing = parseLocalIdentity(`${name}:approver`);
			expect(posing).toMatchObject({ subject: `local:${name}`, email: null });
		}
	});

	it('gets its subject when it was stored before there were any', () => {
		const stored = { name: 'Ana', email: null, roles: ['viewer'] };
		expect(storedIdentitySchema.parse(stored)).toEqual({ ...stored, subject: 'local:Ana' });
		const mailed = { ...stored, email: 'Ana@Example.com' };
		expect(storedIdentitySchema.parse(mailed).subject).toBe('ana@example.com');
		expect(storedIdentitySchema.safeParse({ roles: [] }).success).toBe(false);
	});

	it('may have a colon in the name', () => {
		expect(parseLocalIdentity('team:ana:admin')).toMatchObject({
			name: 'team:ana',
			roles: ['admin']
		});
	});

	it('may have roles that are limited to a workflow or an Agent', () => {
		const text = 'team:ana:viewer,approver:REFUND,operator:store-agent/berlin,@finance';
		const ana = parseLocalIdentity(text);
		expect(ana).toMatchObject({
			name: 'team:ana',
			roles: ['viewer'],
			scopedRoles: ['approver:REFUND', 'operator:store-agent/berlin'],
			groups: ['finance']
		});
		expect(ana && formatLocalIdentity(ana)).toBe(text);
		for (const wrong of ['ana:admin:REFUND', 'ana:approver:', 'ana:king:REFUND,viewer']) {
			expect(parseLocalIdentity(wrong)?.scopedRoles, wrong).toBeUndefined();
		}
	});

	it('is refused without a name, with one too long, or with a role that nobody knows', () => {
		const wrong = ['', ' ', ':', ':admin', 'ana:root', 'ana:viewer,root', 'ana:Admin'];
		for (const text of [...wrong, `${'a'.repeat(201)}:viewer`]) {
			expect(parseLocalIdentity(text), text).toBeNull();
		}
	});

	it('is read as it was written', () => {
		fc.assert(
			fc.property(name, roleSet, (given, roles) => {
				expect(parseLocalIdentity(formatLocalIdentity({ name: given, roles }))).toEqual({
					subject: `local:${given}`,
					name: given,
					email: null,
					roles
				});
			})
		);
	});

	it('never has a role that it was not given, whatever the text', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (text) => {
				const parsed = parseLocalIdentity(text);
				for (const role of parsed?.roles ?? []) expect(text).toContain(role);
			})
		);
	});
});

describe('the header that says who asks', () => {
	it('comes through as it was put in, in ASCII only', () => {
		const anyone: fc.Arbitrary<Me> = fc.record({
			subject: name,
			name,
			email: fc.option(fc.emailAddress()),
			roles: roleSet,
			local: fc.boolean()
		});
		fc.assert(
			fc.property(anyone, (me) => {
				const header = encodeIdentity(me);
				expect(header).toMatch(/^[\x21-\x7e]*$/);
				expect(decodeIdentity(header)).toEqual(me);
			})
		);
	});

	it('is nobody when it is missing or not ours', () => {
		const wrong = [
			null,
			'',
			'ana:admin',
			'%',
			'%E0%A4%A',
			'{}',
			'null',
			'[]',
			encodeURIComponent('{"name":"ana","email":null,"roles":["admin"],"local":false}'),
			encodeURIComponent(
				'{"subject":"a","name":"ana","email":null,"roles":["root"],"local":false}'
			),
			encodeURIComponent('{"subject":"a","name":"","email":null,"roles":[],"local":false}'),
			encodeURIComponent('{"subject":"a","name":"ana","email":null,"roles":["admin"]}'),
			encodeURIComponent('{"subject":"a","name":"ana","email":null,"roles":"admin","local":false}')
		];
		for (const header of wrong) expect(decodeIdentity(header), String(header)).toBeNull();
	});

	it('is read from any text at all without a throw', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (header) => {
				expect(decodeIdentity(header)).toBeNull();
			})
		);
	});
});
