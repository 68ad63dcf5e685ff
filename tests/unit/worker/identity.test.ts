import { describe, expect, it } from 'vitest';
import { rolesOf, signIn } from '../../../src/worker/identity';
import { decodeIdentity, encodeIdentity, ROLES } from '../../../src/lib/protocol';

const LOCAL = { AUTH: 'local', ROLES: '{}' };
const asking = (url: string, headers: Record<string, string> = {}, method = 'GET') =>
	new Request(url, { headers, method });
const here = (headers: Record<string, string> = {}) => asking('http://localhost:8787/', headers);
const remote = asking('https://signalbox.example.com/');

/** Cloudflare Access as a request's context has it. */
const access = (identity: unknown) => ({ access: { getIdentity: async () => identity } });

async function refused(...args: Parameters<typeof signIn>) {
	const signed = await signIn(...args);
	if (signed.ok) throw new Error(`${signed.identity.name} was let in`);
	return signed.problem;
}

async function admitted(...args: Parameters<typeof signIn>) {
	const signed = await signIn(...args);
	if (!signed.ok) throw new Error(signed.problem.detail);
	return signed;
}

describe('sign-in', () => {
	it('is closed without Access, whatever the request says of itself', async () => {
		const claims = {
			authorization: 'Local ana:admin',
			cookie: 'local_identity=ana%3Aadmin',
			'cf-access-authenticated-user-email': 'ana@example.com'
		};
		for (const env of [{}, { ROLES: '{"*":["admin"]}' }, { AUTH: 'access' }, { AUTH: 'LOCAL' }]) {
			for (const ctx of [{}, { access: null }, { access: {} }, { access: { getIdentity: 'no' } }]) {
				const problem = await refused(here(claims), env, ctx);
				expect(problem).toMatchObject({
					status: 403,
					type: 'urn:signalbox:problem:not-configured'
				});
			}
		}
	});

	it('stays closed when Access knows nobody', async () => {
		for (const nobody of [undefined, null, 'ana', { email: 7 }]) {
			const problem = await refused(remote, { ROLES: '{"*":["viewer"]}' }, access(nobody));
			expect(problem.type).toBe('urn:signalbox:problem:not-configured');
		}
	});

	it('is closed to everyone when ROLES cannot be read', async () => {
		const ana = access({ email: 'ana@example.com' });
		for (const roles of [
			'',
			'viewer',
			'{',
			'[]',
			'{"ana@example.com":"admin"}',
			'{"*":["root"]}'
		]) {
			for (const env of [{ ROLES: roles }, { ROLES: roles, AUTH: 'local' }]) {
				const problem = await refused(here(), env, ana);
				expect(problem.detail, roles).toContain('The var ROLES must be JSON such as');
			}
		}
	});
});

describe('sign-in through Access', () => {
	const env = {
		ROLES: JSON.stringify({
			'ana@example.com': ['viewer', 'approver'],
			'group:ops': ['operator', 'viewer'],
			'group:admins': ['admin']
		})
	};

	it('gives the roles of the email and of the groups, however groups are written', async () => {
		const ana = {
			email: 'ana@example.com',
			name: 'Ana Lee',
			groups: ['ops', { name: 'admins' }, {}]
		};
		expect(await admitted(remote, env, access(ana))).toEqual({
			ok: true,
			local: false,
			identity: {
				subject: 'ana@example.com',
				name: 'Ana Lee',
				email: 'ana@example.com',
				roles: [...ROLES],
				groups: ['ops', 'admins'],
				sessionEndsAt: expect.any(Number)
			}
		});
	});

	it('ends with the JWT of Access, and at the latest after SESSION_MINUTES', async () => {
		const ana = access({ email: 'ana@example.com' });
		const endsIn = async (jwtEndsInS: number | null, vars: object = {}) => {
			const claims = { exp: Math.floor(Date.now() / 1_000) + (jwtEndsInS ?? 0) };
			const jwt = `e30.${btoa(JSON.stringify(claims))}.x`;
			const headers: HeadersInit = jwtEndsInS === null ? {} : { 'cf-access-jwt-assertion': jwt };
			const signed = await admitted(new Request(remote, { headers }), { ...env, ...vars }, ana);
			return Math.round(((signed.identity.sessionEndsAt ?? 0) - Date.now()) / 60_000);
		};
		expect(await endsIn(20 * 60)).toBe(20);
		expect(await endsIn(24 * 3_600)).toBe(60);
		expect(await endsIn(null)).toBe(60);
		expect(await endsIn(24 * 3_600, { SESSION_MINUTES: '15' })).toBe(15);
		expect(await endsIn(24 * 3_600, { SESSION_MINUTES: 'soon' })).toBe(60);
		await expect(endsIn(-60)).rejects.toThrow(/session has ended/);
	});

	it('names somebody without a name by the email', async () => {
		const signed = await admitted(remote, env, access({ email: 'ana@example.com' }));
		expect(signed.identity).toEqual({
			subject: 'ana@example.com',
			name: 'ana@example.com',
			email: 'ana@example.com',
			roles: ['viewer', 'approver'],
			sessionEndsAt: expect.any(Number)
		});
	});

	it('refuses somebody without a role, by name', async () => {
		const problem = await refused(
			remote,
			env,
			access({ email: 'eve@example.com', groups: ['sales'] })
		);
		expect(problem).toMatchObject({ status: 403, type: 'urn:signalbox:problem:forbidden' });
		expect(problem.detail).toContain('eve@example.com has no role here');
	});

	it('takes no local identity from the request', async () => {
		const request = asking('https://signalbox.example.com/', { authorization: 'Local eve:admin' });
		const signed = await admitted(request, env, access({ email: 'ana@example.com' }));
		expect(signed.identity.name).toBe('ana@example.com');
	});

	it('holds on any host but this machine, though AUTH says local', async () => {
		for (const host of ['signalbox.example.com', 'localhost.example.com', '10.0.0.7', '0.0.0.0']) {
			const request = asking(`http://${host}/`, { authorization: 'Local eve:admin' });
			expect((await refused(request, LOCAL, {})).type).toContain('foreign-host');
		}
	});
});

describe('sign-in on this machine', () => {
	it('is "you" with every role when the request says nothing', async () => {
		for (const host of ['localhost:8787', '127.0.0.1', '[::1]:8787']) {
			expect(await admitted(asking(`http://${host}/x`), LOCAL, {})).toEqual({
				ok: true,
				local: true,
				identity: { subject: 'local:you', name: 'you', email: null, roles: [...ROLES] }
			});
		}
	});

	it('is whom the header names', async () => {
		for (const text of ['Local ana:viewer,approver', 'local   ana : viewer , approver ']) {
			const signed = await admitted(here({ authorization: text }), LOCAL, {});
			expect(signed.identity).toEqual({
				subject: 'local:ana',
				name: 'ana',
				email: null,
				roles: ['viewer', 'approver']
			});
		}
	});

	it('is whom the cookie names, encoded or not, beside others', async () => {
		for (const said of ['ana%3Aviewer', 'ana:viewer', ' ana:viewer ']) {
			const cookie = `theme=dark; local_identity=${said}; not_local_identity=eve:admin`;
			expect((await admitted(here({ cookie }), LOCAL, {})).identity.roles).toEqual(['viewer']);
		}
		const broken = { cookie: 'local_identity=100%:viewer' };
		expect((await admitted(here(broken), LOCAL, {})).identity.name).toBe('100%');
	});

	it('goes by the header before the cookie', async () => {
		const both = { authorization: 'Local ana:viewer', cookie: 'local_identity=eve:admin' };
		expect((await admitted(here(both), LOCAL, {})).identity.name).toBe('ana');
	});

	it('passes over other kinds of authorization and other cookies', async () => {
		const other = { authorization: 'Localhost abc', cookie: 'local_identity_2=eve:admin' };
		expect((await admitted(here(other), LOCAL, {})).identity.name).toBe('you');
	});

	it('refuses a person that cannot be read, rather than making it everybody', async () => {
		for (const text of ['Local', 'Local :admin', 'Local ana:root']) {
			const problem = await refused(here({ authorization: text }), LOCAL, {});
			expect(problem).toMatchObject({ status: 401, type: 'urn:signalbox:problem:unauthenticated' });
		}
		expect((await refused(here({ cookie: 'local_identity=' }), LOCAL, {})).status).toBe(401);
	});
});

describe('the roles of an email and its groups', () => {
	const map = {
		'*': ['viewer'],
		'ana@example.com': ['approver', 'viewer'],
		'group:ops': ['operator']
	} satisfies Parameters<typeof rolesOf>[0];

	it('are all that the map gives, once each', () => {
		expect(rolesOf(map, 'ana@example.com', ['ops', 'sales'])).toEqual([
			'viewer',
			'approver',
			'operator'
		]);
		expect(rolesOf(map, null, ['ops'])).toEqual(['viewer', 'operator']);
		expect(rolesOf(map, 'eve@example.com', [])).toEqual(['viewer']);
		expect(rolesOf({}, 'ana@example.com', ['ops'])).toEqual([]);
	});

	it('are those of a mailbox, however it is spelled on either side', () => {
		const spelled = { ' Ana@Example.com': ['admin'] } satisfies Parameters<typeof rolesOf>[0];
		expect(rolesOf(spelled, 'ana@example.com', [])).toEqual(['admin']);
	});

	it('come from no name that every object has', () => {
		for (const name of ['constructor', '__proto__', 'toString']) {
			expect(rolesOf({}, name, [name])).toEqual([]);
		}
	});

	it('come from a group for groups only, and from an email for emails only', () => {
		expect(rolesOf({ ops: ['admin'] }, null, ['ops'])).toEqual([]);
		expect(rolesOf({ 'group:ops': ['admin'] }, 'ops', [])).toEqual([]);
	});
});

describe('who somebody is to Access', () => {
	const everyone = { ROLES: '{"*":["viewer"]}' };

	it('stays the same under another display name or another spelling of the mailbox', async () => {
		for (const person of [
			{ email: 'ana@example.com', name: 'Ana Lee' },
			{ email: ' Ana@Example.COM ', name: 'Ana Miller' },
			{ email: 'ANA@EXAMPLE.COM', name: 'group:finance' }
		]) {
			const { identity } = await admitted(remote, everyone, access(person));
			expect(identity).toMatchObject({ subject: 'ana@example.com', email: 'ana@example.com' });
		}
	});

	it('is the id of the account where there is no mailbox', async () => {
		const person = { user_uuid: 'u-1', name: 'Ana', email: 'service:ci' };
		const { identity } = await admitted(remote, everyone, access(person));
		expect(identity).toMatchObject({ subject: 'access:u-1', email: null });
		const problem = await refused(remote, everyone, access({ name: 'Ana' }));
		expect(problem.type).toBe('urn:signalbox:problem:unauthenticated');
	});

	it('can be written into a header, whatever its names are', async () => {
		const person = { email: 'ana@example.com', name: `${'a'.repeat(199)}😀`, groups: ['\ud800'] };
		const { identity } = await admitted(remote, everyone, access(person));
		expect(decodeIdentity(encodeIdentity({ ...identity, local: false }))).not.toBeNull();
	});
});
