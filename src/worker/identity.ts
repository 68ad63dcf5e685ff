// Who is asking. In production Cloudflare Access says it; locally, and only when `npm start` or
// the tests set AUTH=local and the host is this machine's own, the request itself does.
import { z } from 'zod';
import {
	LOCAL_IDENTITY_COOKIE,
	parseLocalIdentity,
	problem,
	roleMapSchema,
	ROLES,
	type Identity,
	type Problem,
	type Role,
	type RoleMap
} from '../lib/protocol';

/** What the Worker's vars say of sign-in; a `ROLES` that does not parse stops everything. */
const configSchema = z.object({
	AUTH: z.string().optional(),
	ROLES: z
		.string()
		.default('{}')
		.transform((text, context): RoleMap => {
			try {
				return roleMapSchema.parse(JSON.parse(text));
			} catch {
				context.addIssue('must be JSON such as {"ana@example.com":["viewer","approver"]}');
				return z.NEVER;
			}
		})
});

/** The part of an Access identity that is used (`ctx.access.getIdentity()`). */
const accessIdentitySchema = z.looseObject({
	email: z.string().optional(),
	name: z.string().optional(),
	groups: z.array(z.union([z.string(), z.looseObject({ name: z.string().optional() })])).optional()
});

export type SignIn =
	{ ok: true; identity: Identity; local: boolean } | { ok: false; problem: Problem };

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Finds out who asks, or why nobody can. */
export async function signIn(request: Request, env: object, ctx: object): Promise<SignIn> {
	const config = configSchema.safeParse(env);
	if (!config.success) {
		return refuse('not-configured', `The var ROLES ${config.error.issues[0]?.message}.`);
	}
	const { AUTH, ROLES: roleMap } = config.data;
	if (AUTH === 'local' && LOOPBACK.has(new URL(request.url).hostname)) return localSignIn(request);
	const access = await accessIdentity(ctx);
	if (!access) {
		return refuse(
			'not-configured',
			'Put Cloudflare Access before this Worker and map people to roles in the var ROLES.'
		);
	}
	const email = access.email ?? null;
	const groups = (access.groups ?? []).map((group) =>
		typeof group === 'string' ? group : (group.name ?? '')
	);
	const roles = rolesOf(roleMap, email, groups);
	const name = access.name ?? email ?? 'somebody';
	if (roles.length === 0) {
		return refuse('forbidden', `${name} has no role here. The var ROLES gives roles to people.`);
	}
	const held = groups.filter((group) => group !== '' && group.length <= 200).slice(0, 100);
	const identity = { name, email, roles, ...(held.length > 0 ? { groups: held } : {}) };
	return { ok: true, identity, local: false };
}

/** The roles of an email and its groups (`group:<name>`), and those of everyone (`*`). */
export function rolesOf(map: RoleMap, email: string | null, groups: string[]): Role[] {
	const keys = ['*', ...(email ? [email] : []), ...groups.map((group) => `group:${group}`)];
	const held = new Set(keys.flatMap((key) => map[key] ?? []));
	return ROLES.filter((role) => held.has(role));
}

function localSignIn(request: Request): SignIn {
	const said = saidIdentity(request);
	if (said === null) {
		return { ok: true, local: true, identity: { name: 'you', email: null, roles: [...ROLES] } };
	}
	const identity = parseLocalIdentity(said);
	if (identity) return { ok: true, local: true, identity };
	return refuse(
		'unauthenticated',
		`"${said.slice(0, 100)}" is not <name>:<role>,<role>,@<group> with roles of ${ROLES.join(', ')}.`
	);
}

/** What the request says locally: the header first, then the cookie; null for neither. */
function saidIdentity(request: Request): string | null {
	const header = /^Local(?:\s+(.*))?$/i.exec(request.headers.get('authorization') ?? '');
	if (header) return header[1]?.trim() ?? '';
	for (const cookie of (request.headers.get('cookie') ?? '').split(';')) {
		const cut = cookie.indexOf('=');
		if (cookie.slice(0, cut).trim() !== LOCAL_IDENTITY_COOKIE) continue;
		try {
			return decodeURIComponent(cookie.slice(cut + 1).trim());
		} catch {
			return cookie.slice(cut + 1).trim(); // not encoded after all: taken as it is
		}
	}
	return null;
}

async function accessIdentity(ctx: object) {
	const access: unknown = Reflect.get(ctx, 'access');
	if (typeof access !== 'object' || access === null || !('getIdentity' in access)) return null;
	const { getIdentity } = access;
	if (typeof getIdentity !== 'function') return null;
	const found: unknown = await getIdentity.call(access);
	const parsed = accessIdentitySchema.safeParse(found);
	return parsed.success ? parsed.data : null;
}

function refuse(kind: Parameters<typeof problem>[0], detail: string): SignIn {
	return { ok: false, problem: problem(kind, detail) };
}

/**
 * A websocket or a changing request that a page of another origin makes is refused: a browser sends
 * cookies with both. Requests without an Origin (curl, servers) are not a browser's.
 */
export function foreignOrigin(request: Request): Problem | null {
	const origin = request.headers.get('origin');
	const upgrade = request.headers.get('upgrade')?.toLowerCase() === 'websocket';
	const reading = ['GET', 'HEAD', 'OPTIONS'].includes(request.method);
	if (origin === null || (reading && !upgrade)) return null;
	if (URL.canParse(origin) && new URL(origin).host === new URL(request.url).host) return null;
	return problem('foreign-origin', `${origin} is not this Signalbox.`);
}

/** Where a request comes from, as far as Cloudflare and the client say. */
export function originOf(request: Request): NonNullable<Identity['from']> {
	return {
		ip: request.headers.get('cf-connecting-ip'),
		userAgent: request.headers.get('user-agent')?.slice(0, 300) ?? null
	};
}
