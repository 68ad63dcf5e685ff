import {
	createLocalJWKSet,
	exportJWK,
	generateKeyPair,
	SignJWT,
	type CryptoKey,
	type JWTPayload
} from 'jose';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import {
	OPERATION_NAMES,
	parseLocalIdentity,
	refusalAnywhere,
	ROLES,
	visibleTo
} from '../../../src/lib/protocol';
import { signIn } from '../../../src/worker/identity';

const ISSUER = 'https://team.cloudflareaccess.com';
const env = {
	ACCESS_TEAM_DOMAIN: 'team.cloudflareaccess.com',
	ACCESS_AUD: 'aud-1',
	ROLES: JSON.stringify({
		'service:ci': ['operator'],
		'deploy.access': ['viewer'],
		'ana@example.com': ['admin'],
		'group:ops': ['admin']
	})
};

let key: CryptoKey;
let strangersKey: CryptoKey;
let keys: ReturnType<typeof createLocalJWKSet>;

beforeAll(async () => {
	const pair = await generateKeyPair('RS256');
	key = pair.privateKey;
	strangersKey = (await generateKeyPair('RS256')).privateKey;
	keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1' }] });
});

type Token = {
	claims?: JWTPayload;
	issuer?: string;
	audience?: string;
	ends?: string;
	by?: CryptoKey;
};

function token({ claims = { common_name: 'ci' }, ...more }: Token = {}): Promise<string> {
	const { issuer = ISSUER, audience = 'aud-1', ends = '1h', by = key } = more;
	return new SignJWT(claims)
		.setProtectedHeader({ alg: 'RS256', kid: 'k1' })
		.setIssuer(issuer)
		.setAudience(audience)
		.setIssuedAt()
		.setExpirationTime(ends)
		.sign(by);
}

/** Access as a request's context has it for a service token: it knows nobody. */
const ctx = { access: { aud: 'aud-1', getIdentity: async () => undefined } };

const asking = (jwt: string) =>
	new Request('https://signalbox.example.com/', { headers: { 'cf-access-jwt-assertion': jwt } });

async function refused(jwt: string, vars: object = env, context: object = ctx) {
	const signed = await signIn(asking(jwt), vars, context, keys);
	if (signed.ok) throw new Error(`${signed.identity.name} was let in`);
	return signed.problem;
}

async function admitted(jwt: string, vars: object = env, context: object = ctx) {
	const signed = await signIn(asking(jwt), vars, context, keys);
	if (!signed.ok) throw new Error(signed.problem.detail);
	return signed.identity;
}

describe('a service token', () => {
	it('may ask for what its roles allow, limited ones included, like a person', async () => {
		for (const given of [...ROLES, 'operator:store-agent/berlin', 'approver:REFUND']) {
			const roles = JSON.stringify({ 'service:ci': [given] });
			const signed = await admitted(await token(), { ...env, ROLES: roles });
			const person = parseLocalIdentity(`ci:${given}`);
			if (!person) throw new Error(given);
			for (const name of OPERATION_NAMES) {
				const [asToken, asPerson] = [refusalAnywhere(name, signed), refusalAnywhere(name, person)];
				expect(asToken === null, `${given} ${name}`).toBe(asPerson === null);
			}
			expect(visibleTo(signed)).toEqual(visibleTo(person));
		}
	});

	it('has the roles of its name, with the prefix or without', async () => {
		expect(await admitted(await token())).toEqual({
			subject: 'service:ci',
			name: 'service:ci',
			email: null,
			roles: ['operator'],
			sessionEndsAt: expect.any(Number)
		});
		const deploy = await token({ claims: { common_name: 'deploy.access' } });
		expect((await admitted(deploy)).roles).toEqual(['viewer']);
	});

	it('takes the audience that Access says where no var does', async () => {
		const { ACCESS_AUD: _aud, ...rest } = env;
		expect((await admitted(await token(), rest)).subject).toBe('service:ci');
	});

	it('takes the team domain as people write it', async () => {
		const spelled = { ...env, ACCESS_TEAM_DOMAIN: `${ISSUER}/` };
		expect((await admitted(await token(), spelled)).subject).toBe('service:ci');
	});

	it('gets no roles that are meant for people or groups, whatever it is called', async () => {
		for (const name of ['ana@example.com', 'group:ops', '*', 'nobody']) {
			const problem = await refused(await token({ claims: { common_name: name } }));
			expect(problem, name).toMatchObject({ status: 403 });
			expect(problem.detail).toContain(`service:${name} has no role here`);
		}
	});

	it('is refused unless Access signed it for this application, and it is in time', async () => {
		const wrong: Record<string, string> = {
			'another key': await token({ by: strangersKey }),
			'another application': await token({ audience: 'aud-2' }),
			'another team': await token({ issuer: 'https://evil.cloudflareaccess.com' }),
			'an old one': await token({ ends: '-1h' }),
			'no name': await token({ claims: { email: 'ana@example.com' } }),
			'an empty name': await token({ claims: { common_name: '' } }),
			garbage: 'garbage',
			'no signature': `${btoa('{"alg":"none"}')}.${btoa('{"common_name":"ci"}')}.`,
			'a changed name': (await token()).replace(/\.[^.]+\./, `.${btoa('{"common_name":"ci"}')}.`)
		};
		for (const [what, jwt] of Object.entries(wrong)) {
			expect(await refused(jwt), what).toMatchObject({
				status: 401,
				type: 'urn:signalbox:problem:unauthenticated'
			});
		}
	});

	it('is refused where nobody said which team it belongs to, and told what to configure', async () => {
		const { ACCESS_TEAM_DOMAIN: _domain, ...rest } = env;
		const problem = await refused(await token(), rest);
		expect(problem.type).toBe('urn:signalbox:problem:not-configured');
		expect(problem.detail).toContain('ACCESS_TEAM_DOMAIN');
	});

	it('asks to try again when the keys cannot be loaded', async () => {
		const log = vi.spyOn(console, 'error').mockReturnValue();
		const away = () => Promise.reject(new TypeError('fetch failed'));
		const signed = await signIn(asking(await token()), env, ctx, away);
		expect(signed).toMatchObject({ ok: false, problem: { status: 503 } });
		expect(log).toHaveBeenCalledOnce();
		log.mockRestore();
	});

	it('does not stand in for a person whom Access knows', async () => {
		const person = { email: 'ana@example.com', name: 'Ana' };
		const known = { access: { aud: 'aud-1', getIdentity: async () => person } };
		expect((await admitted(await token(), env, known)).subject).toBe('ana@example.com');
	});

	it('says nothing on this machine', async () => {
		const request = new Request('http://localhost/', {
			headers: { 'cf-access-jwt-assertion': await token() }
		});
		const signed = await signIn(request, { ...env, AUTH: 'local' }, ctx, keys);
		expect(signed).toMatchObject({ ok: true, identity: { subject: 'local:you' } });
	});
});
