import { z } from 'zod';

/** Roles are a set, not a ladder: an admin who is to approve needs `approver` as well. */
export const ROLES = ['viewer', 'operator', 'approver', 'admin'] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

/** Who asks. Made by the Worker from a sign-in, never from what a client claims of itself. */
export const identitySchema = z.object({
	name: z.string().min(1).max(200),
	email: z.string().nullable(),
	roles: z.array(roleSchema)
});
export type Identity = z.infer<typeof identitySchema>;

/** `GET /api/v1/me`. `local` says that the page may offer to switch persons. */
export const meSchema = identitySchema.extend({ local: z.boolean() });
export type Me = z.infer<typeof meSchema>;

/** What maps emails and groups to roles: the Worker's `ROLES` var. `*` is everyone signed in. */
export const roleMapSchema = z.record(z.string(), z.array(roleSchema));
export type RoleMap = z.infer<typeof roleMapSchema>;

/** The cookie that says, locally only, who one is: `<name>:<role>,<role>`, URI-encoded. */
export const LOCAL_IDENTITY_COOKIE = 'local_identity';

/** The header that the Worker puts on what it passes on; one from outside is removed. */
export const IDENTITY_HEADER = 'x-signalbox-identity';

/**
 * Reads `<name>:<role>,<role>` of the local cookie or `Authorization: Local …`.
 * Returns null when the name is missing or a role is unknown.
 */
export function parseLocalIdentity(text: string): Identity | null {
	const colon = text.lastIndexOf(':');
	const name = (colon < 0 ? text : text.slice(0, colon)).trim();
	const roles = (colon < 0 ? '' : text.slice(colon + 1))
		.split(',')
		.map((role) => role.trim())
		.filter(Boolean);
	const parsed = identitySchema.safeParse({ name, email: null, roles: [...new Set(roles)] });
	return parsed.success ? parsed.data : null;
}

/** Writes a local identity as {@link parseLocalIdentity} reads it. */
export function formatLocalIdentity({ name, roles }: Pick<Identity, 'name' | 'roles'>): string {
	return `${name}:${roles.join(',')}`;
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
