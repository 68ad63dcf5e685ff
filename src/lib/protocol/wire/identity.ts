import { z } from 'zod';

/** Roles are a set, not a ladder: an admin who is to approve needs `approver` as well. */
export const ROLES = ['viewer', 'operator', 'approver', 'admin'] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

/** Who asks. Made by the Worker from a sign-in, never from what a client claims of itself. */
export const identitySchema = z.object({
	name: z.string().min(1).max(200),
	email: z.string().nullable(),
	roles: z.array(roleSchema),
	/** Groups of the sign-in (Access), without any prefix; left out when there are none. */
	groups: z.array(z.string().min(1).max(200)).max(200).optional(),
	/** Where the request comes from, as the Worker saw it. */
	from: z
		.object({ ip: z.string().nullable(), userAgent: z.string().max(300).nullable() })
		.optional()
});
export type Identity = z.infer<typeof identitySchema>;

/** `GET /api/v1/me`. `local` says that the page may offer to switch persons. */
export const meSchema = identitySchema.extend({ local: z.boolean() });
export type Me = z.infer<typeof meSchema>;

/** What maps emails and groups to roles: the Worker's `ROLES` var. `*` is everyone signed in. */
export const roleMapSchema = z.record(z.string(), z.array(roleSchema));
export type RoleMap = z.infer<typeof roleMapSchema>;

/** The cookie that says, locally only, who one is: `<name>:<role>,@<group>`, URI-encoded. */
export const LOCAL_IDENTITY_COOKIE = 'local_identity';

/** Good enough to tell an email from a name. */
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** The header that the Worker puts on what it passes on; one from outside is removed. */
export const IDENTITY_HEADER = 'x-signalbox-identity';

/**
 * Reads `<name>:<role>,<role>,@<group>` of the local cookie or `Authorization: Local …`. A name that
 * is an email is taken for one. Returns null when the name is missing or a role is unknown.
 */
export function parseLocalIdentity(text: string): Identity | null {
	const colon = text.lastIndexOf(':');
	const name = (colon < 0 ? text : text.slice(0, colon)).trim();
	const held = (colon < 0 ? '' : text.slice(colon + 1))
		.split(',')
		.map((entry) => entry.trim())
		.filter(Boolean);
	const isGroup = (entry: string) => entry.startsWith('@');
	const roles = new Set(held.filter((entry) => !isGroup(entry)));
	const groups = new Set(held.filter(isGroup).map((entry) => entry.slice(1)));
	const parsed = identitySchema.safeParse({
		name,
		email: EMAIL.test(name) ? name : null,
		roles: [...roles],
		...(groups.size > 0 ? { groups: [...groups] } : {})
	});
	return parsed.success ? parsed.data : null;
}

/** Writes a local identity as {@link parseLocalIdentity} reads it. */
export function formatLocalIdentity({
	name,
	roles,
	groups = []
}: Pick<Identity, 'name' | 'roles' | 'groups'>): string {
	return `${name}:${[...roles, ...groups.map((group) => `@${group}`)].join(',')}`;
}

/** Writes who asks for {@link IDENTITY_HEADER}: a header holds ASCII only. */
export function encodeIdentity(me: Me): string {
	return encodeURIComponent(JSON.stringify(me));
}

/** Reads {@link IDENTITY_HEADER}; null when it is missing or not ours. */
export function decodeIdentity(header: string | null): Me | null {
	if (!header) return null;
	try {
		const parsed = meSchema.safeParse(JSON.parse(decodeURIComponent(header)));
		return parsed.success ? parsed.data : null;
	} catch {
		// Not ours: whoever wrote it is nobody we know.
		return null;
	}
}
