import { z } from 'zod';
import { timestampSchema } from './json';

/** Roles are a set, not a ladder: an admin who is to approve needs `approver` as well. */
export const ROLES = ['viewer', 'operator', 'approver', 'admin'] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

/** The longest subject: a name or an email with its prefix, characters. */
const MAX_SUBJECT = 400;
export const subjectSchema = z.string().min(1).max(MAX_SUBJECT);

/**
 * Who asks. Made by the Worker from a sign-in, never from what a client claims of itself. `subject`
 * is what people are told apart by: an email (trimmed, lower case), `access:<id>`,
 * `service:<name>` or `local:<name>`. `name` is for display only.
 */
export const identitySchema = z.object({
	subject: subjectSchema,
	name: z.string().min(1).max(200),
	email: z.string().nullable(),
	roles: z.array(roleSchema),
	/** Groups of the sign-in (Access), without any prefix; left out when there are none. */
	groups: z.array(z.string().min(1).max(200)).max(200).optional(),
	/** When the sign-in ends, Ms; left out where nothing ends it. */
	sessionEndsAt: timestampSchema.optional(),
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

/**
 * How the server closes a websocket whose session has ended. The SDK's client does not reconnect by
 * itself after a code from 4000 on.
 */
export const SESSION_ENDED_CODE = 4401;

/** Has the sign-in of this person ended? */
export function hasEnded({ sessionEndsAt }: Pick<Identity, 'sessionEndsAt'>, now: number): boolean {
	return sessionEndsAt !== undefined && sessionEndsAt <= now;
}

/** The cookie that says, locally only, who one is: `<name>:<role>,@<group>`, URI-encoded. */
export const LOCAL_IDENTITY_COOKIE = 'local_identity';

/** Good enough to tell an email from a name. */
const EMAIL = /^[^\s@:]+@[^\s@]+\.[^\s@]+$/;

export function isEmail(text: string): boolean {
	return EMAIL.test(text.trim());
}

/** One spelling for each mailbox: trimmed and in lower case. */
export function normalizedEmail(email: string): string {
	return email.normalize('NFC').trim().toLowerCase();
}

/** The subject of somebody who signed in on this machine. */
export function localSubject(name: string): string {
	return isEmail(name) ? normalizedEmail(name) : `local:${name}`;
}

/** An identity that was stored before there were subjects gets the one it would have now. */
export const storedIdentitySchema = z.preprocess((stored) => {
	if (typeof stored !== 'object' || stored === null || 'subject' in stored) return stored;
	const { email, name } = Object(stored) as { email?: unknown; name?: unknown };
	return { subject: localSubject(String(email ?? name ?? '')), ...stored };
}, identitySchema);

/** The header that the Worker puts on what it passes on; one from outside is removed. */
export const IDENTITY_HEADER = 'x-signalbox-identity';

/**
 * Reads `<name>:<role>,<role>,@<group>,until=<Ms>` of the local cookie or `Authorization: Local …`. A
 * name that is an email is taken for one. Returns null when the name is missing or a role is unknown.
 */
export function parseLocalIdentity(text: string): Identity | null {
	const colon = text.lastIndexOf(':');
	const name = (colon < 0 ? text : text.slice(0, colon)).trim();
	const held = (colon < 0 ? '' : text.slice(colon + 1))
		.split(',')
		.map((entry) => entry.trim())
		.filter(Boolean);
	const isGroup = (entry: string) => entry.startsWith('@');
	const isEnd = (entry: string) => /^until=\d+$/.test(entry);
	const roles = new Set(held.filter((entry) => !isGroup(entry) && !isEnd(entry)));
	const end = held.find(isEnd);
	const groups = new Set(held.filter(isGroup).map((entry) => entry.slice(1)));
	const parsed = identitySchema.safeParse({
		subject: localSubject(name),
		name,
		email: isEmail(name) ? normalizedEmail(name) : null,
		roles: [...roles],
		...(groups.size > 0 ? { groups: [...groups] } : {}),
		...(end ? { sessionEndsAt: Number(end.slice('until='.length)) } : {})
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
