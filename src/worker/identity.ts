// Who is asking. In production Cloudflare Access says it; locally, and only when `npm start` or
// the tests set AUTH=local and the host is this machine's own, the request itself does.
import type { JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { signInText } from '../lib/messages/server/sign-in';
import {
	hasEnded,
	isEmail,
	normalizedEmail,
	problem,
	roleMapSchema,
	rolesGiven,
	type Identity,
	type ProblemKind,
	type RoleMap
} from '../lib/protocol';
import { localIdentity, type SignIn } from './local-identity';
import { foreignHost } from './request-checks';
import { ACCESS_JWT_HEADER, readServiceToken, sessionEndOf } from './service-token';

/**
 * A connection is signed in again after so long, so that who was removed from a group or signed out
 * by an administrator does not stay connected until the JWT ends.
 */
const DEFAULT_SESSION_MINUTES = 60;

/** What the Worker's vars say of sign-in; a `ROLES` that does not parse stops everything. */
const configSchema = z.object({
	AUTH: z.string().optional(),
	ACCESS_TEAM_DOMAIN: z
		.string()
		.transform((text) =>
			text
				.trim()
				.replace(/^https:\/\//, '')
				.replace(/\/+$/, '')
		)
		.optional(),
	ACCESS_AUD: z.string().optional(),
	SESSION_MINUTES: z.coerce.number().positive().catch(DEFAULT_SESSION_MINUTES),
	ROLES: z
		.string()
		.default('{}')
		.transform((text, context): RoleMap => {
			try {
				return roleMapSchema.parse(JSON.parse(text));
			} catch {
				context.addIssue(signInText.rolesFormat);
				return z.NEVER;
			}
		})
});
type SignInConfig = z.infer<typeof configSchema>;

/** The part of an Access identity that is used (`ctx.access.getIdentity()`). */
const accessIdentitySchema = z.looseObject({
	email: z.string().optional(),
	name: z.string().optional(),
	user_uuid: z.string().max(100).optional(),
	groups: z.array(z.union([z.string(), z.looseObject({ name: z.string().optional() })])).optional()
});

const MAX_NAME = 200;
const MAX_GROUPS = 100;

/**
 * Finds out who asks, or why nobody can. `keys` verifies service tokens in tests; left out, they
 * are what Access publishes.
 */
export async function signIn(
	request: Request,
	env: object,
	ctx: object,
	keys?: JWTVerifyGetKey
): Promise<SignIn> {
	const config = configSchema.safeParse(env);
	if (!config.success) {
		const issue = config.error.issues[0]?.message ?? '';
		return refuse('not-configured', signInText.rolesUnreadable(issue));
	}
	const now = Date.now();
	const signed =
		config.data.AUTH === 'local'
			? localSignIn(request)
			: limited(await accessSignIn(request, config.data, ctx, keys), config.data, now);
	if (signed.ok && hasEnded(signed.identity, now)) {
		return refuse('unauthenticated', signInText.sessionEnded);
	}
	return signed;
}

async function accessSignIn(
	request: Request,
	config: SignInConfig,
	ctx: object,
	keys: JWTVerifyGetKey | undefined
): Promise<SignIn> {
	const access = await accessIdentity(ctx);
	const jwt = request.headers.get(ACCESS_JWT_HEADER);
	if (access) return personSignIn(access, config.ROLES, sessionEndOf(jwt));
	if (jwt) return serviceSignIn(jwt, config, audienceOf(ctx), keys);
	return refuse('not-configured', signInText.notConfigured);
}

/** The sign-in with an end at the latest after `SESSION_MINUTES`. */
function limited(signed: SignIn, { SESSION_MINUTES }: SignInConfig, now: number): SignIn {
	if (!signed.ok) return signed;
	const { sessionEndsAt = Infinity } = signed.identity;
	const latest = now + Math.round(SESSION_MINUTES * 60_000);
	const identity = { ...signed.identity, sessionEndsAt: Math.min(sessionEndsAt, latest) };
	return { ...signed, identity };
}

function localSignIn(request: Request): SignIn {
	const foreign = foreignHost(request);
	if (foreign) return { ok: false, problem: foreign };
	return localIdentity(request);
}

function personSignIn(
	access: z.infer<typeof accessIdentitySchema>,
	roleMap: RoleMap,
	sessionEndsAt: number | null
): SignIn {
	const email = access.email && isEmail(access.email) ? normalizedEmail(access.email) : null;
	const subject = email ?? (access.user_uuid ? `access:${access.user_uuid}` : null);
	if (subject === null) return refuse('unauthenticated', signInText.nobody);
	const groups = (access.groups ?? []).map((group) =>
		(typeof group === 'string' ? group : (group.name ?? '')).toWellFormed()
	);
	const name = (access.name?.trim() || email || subject).slice(0, MAX_NAME).toWellFormed();
	const given = rolesOf(roleMap, email, groups);
	if (given.length === 0) return refuse('forbidden', signInText.noRole(name));
	const held = groups.filter((group) => group !== '' && group.length <= 200).slice(0, MAX_GROUPS);
	const identity = {
		...{ subject, name, email },
		...rolesGiven(given),
		...(held.length > 0 ? { groups: held } : {}),
		...(sessionEndsAt === null ? {} : { sessionEndsAt })
	};
	return { ok: true, identity, local: false };
}

async function serviceSignIn(
	jwt: string,
	{ ACCESS_TEAM_DOMAIN, ACCESS_AUD, ROLES: roleMap }: SignInConfig,
	contextAudience: string | undefined,
	keys: JWTVerifyGetKey | undefined
): Promise<SignIn> {
	const audience = ACCESS_AUD || contextAudience;
	if (!ACCESS_TEAM_DOMAIN || !audience) {
		return refuse('not-configured', signInText.serviceTokenNotConfigured);
	}
	const application = { teamDomain: ACCESS_TEAM_DOMAIN, audience };
	const token = await readServiceToken(jwt, application, keys);
	if (!token.ok) return token;
	const { name, sessionEndsAt } = token.value;
	const subject = `service:${name}`;
	const given = rolesOfService(roleMap, name);
	if (given.length === 0) return refuse('forbidden', signInText.noRole(subject));
	const identity = { subject, name: subject, email: null, ...rolesGiven(given), sessionEndsAt };
	return { ok: true, identity, local: false };
}

/** The roles of an email and its groups (`group:<name>`), and those of everyone (`*`). */
export function rolesOf(map: RoleMap, email: string | null, groups: string[]): string[] {
	const wanted = new Set(groups.map((group) => `group:${group}`));
	return rolesWhere(
		map,
		(key) => wanted.has(key) || (email !== null && isEmail(key) && normalizedEmail(key) === email)
	);
}

/**
 * The roles of a service token: of `service:<name>`, and of the bare name unless that could be
 * meant for somebody else (an email, a group).
 */
export function rolesOfService(map: RoleMap, name: string): string[] {
	const isPlain = /^[\w.-]+$/.test(name);
	return rolesWhere(map, (key) => key === `service:${name}` || (isPlain && key === name));
}

function rolesWhere(map: RoleMap, isHeld: (key: string) => boolean): string[] {
	const held = Object.entries(map).flatMap(([key, roles]) =>
		key === '*' || isHeld(key) ? roles : []
	);
	return [...new Set(held)];
}

function accessOf(ctx: object): object | null {
	const access: unknown = Reflect.get(ctx, 'access');
	return typeof access === 'object' ? access : null;
}

function audienceOf(ctx: object): string | undefined {
	const audience: unknown = Reflect.get(accessOf(ctx) ?? {}, 'aud');
	return typeof audience === 'string' ? audience : undefined;
}

async function accessIdentity(ctx: object) {
	const access = accessOf(ctx);
	if (access === null || !('getIdentity' in access)) return null;
	const { getIdentity } = access;
	if (typeof getIdentity !== 'function') return null;
	const found: unknown = await getIdentity.call(access);
	const parsed = accessIdentitySchema.safeParse(found);
	return parsed.success ? parsed.data : null;
}

function refuse(kind: ProblemKind, detail: string): SignIn {
	return { ok: false, problem: problem(kind, detail) };
}

/** Where a request comes from, as far as Cloudflare and the client say. */
export function originOf(request: Request): NonNullable<Identity['from']> {
	return {
		ip: request.headers.get('cf-connecting-ip'),
		userAgent: request.headers.get('user-agent')?.slice(0, 300) ?? null
	};
}
