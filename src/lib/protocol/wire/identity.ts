import { z } from 'zod';
import { fieldErrorsText } from '../../messages/server/field-errors';
import { agentPathSchema, workflowNameSchema } from '../run/run';
import { timestampSchema } from './json';
import { isEmail, localSubject, normalizedEmail, subjectSchema } from './subject';

/** Roles are a set, not a ladder: an admin who is to approve needs `approver` as well. */
export const ROLES = ['viewer', 'operator', 'approver', 'admin'] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

/** Roles that can be limited. What an admin does concerns the whole workspace. */
const SCOPABLE_ROLES = roleSchema.exclude(['admin']);
/** What a role can be limited to: a workflow by its binding, or an Agent by its path. */
const scopeSchema = z.union([workflowNameSchema, agentPathSchema]);
const MAX_SCOPED_ROLES = 100;

/** A limited role: `approver:REFUND`, or `operator:store-agent/berlin` with its sub-agents. */
export const scopedRoleSchema = z.string().refine((text) => {
	const { role, scope } = parseScopedRole(text);
	return SCOPABLE_ROLES.safeParse(role).success && scopeSchema.safeParse(scope).success;
}, fieldErrorsText.scopedRole);

/** The two parts of a {@link scopedRoleSchema}. */
export function parseScopedRole(text: string): { role: Role; scope: string } {
	const colon = text.indexOf(':');
	return { role: text.slice(0, colon) as Role, scope: text.slice(colon + 1) }; // as its schema checked
}

/**
 * Who asks. Made by the Worker from a sign-in, never from what a client claims of itself. `subject`
 * is what people are told apart by: an email (trimmed, lower case), `access:<id>`,
 * `service:<name>` or `local:<name>`. `name` is for display only.
 */
export const identitySchema = z.object({
	subject: subjectSchema,
	name: z.string().min(1).max(200),
	email: z.string().nullable(),
	/** Roles for the whole workspace. */
	roles: z.array(roleSchema),
	/** Roles for one workflow or one Agent each; left out when there are none. */
	scopedRoles: z.array(scopedRoleSchema).max(MAX_SCOPED_ROLES).optional(),
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

/** A role as the Worker's configuration gives it: for the whole workspace, or limited. */
const grantSchema = z.union([roleSchema, scopedRoleSchema], fieldErrorsText.scopedRole);

/** What maps emails and groups to roles: the Worker's `ROLES` var. `*` is everyone signed in. */
export const roleMapSchema = z.record(z.string(), z.array(grantSchema));
export type RoleMap = z.infer<typeof roleMapSchema>;

/** Sorts what somebody was given into roles for the workspace and limited ones. */
export function rolesGiven(given: Iterable<string>): Pick<Identity, 'roles' | 'scopedRoles'> {
	const all = new Set(given);
	const roles = ROLES.filter((role) => all.has(role));
	const scopedRoles = [...all].filter((each) => each.includes(':')).toSorted();
	return { roles, ...(scopedRoles.length > 0 ? { scopedRoles } : {}) };
}

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

/** An identity that was stored before there were subjects gets the one it would have now. */
export const storedIdentitySchema = z.preprocess((stored) => {
	if (typeof stored !== 'object' || stored === null || 'subject' in stored) return stored;
	const { email, name } = Object(stored) as { email?: unknown; name?: unknown };
	return { subject: localSubject(String(email ?? name ?? '')), ...stored };
}, identitySchema);

/** The header that the Worker puts on what it passes on; one from outside is removed. */
export const IDENTITY_HEADER = 'x-signalbox-identity';

/** What stands behind the name of a local identity, entry by entry. */
const localEntrySchema = z.union([
	roleSchema,
	scopedRoleSchema,
	z.templateLiteral([z.literal('@'), z.string().min(1)]),
	z.string().regex(/^until=\d+$/)
]);

/**
 * Reads `<name>:<role>,<role>:<scope>,@<group>,until=<Ms>` of the local cookie or `Authorization: Local …`.
 * A name that is an email is taken for one. Returns null when the name is missing or a role is unknown.
 */
export function parseLocalIdentity(text: string): Identity | null {
	const { name, entries } = localParts(text);
	const groups = new Set(entries.filter((entry) => entry.startsWith('@')));
	const end = entries.find((entry) => entry.startsWith('until='));
	const given = entries.filter((entry) => !entry.startsWith('@') && entry !== end);
	const parsed = identitySchema.safeParse({
		subject: localSubject(name),
		name,
		email: isEmail(name) ? normalizedEmail(name) : null,
		...rolesGiven(given),
		...(groups.size > 0 ? { groups: [...groups].map((group) => group.slice(1)) } : {}),
		...(end ? { sessionEndsAt: Number(end.slice('until='.length)) } : {})
	});
	return parsed.success && entries.every((entry) => localEntrySchema.safeParse(entry).success)
		? parsed.data
		: null;
}

/** A name may hold colons, and so do limited roles: the first colon that entries follow parts them. */
function localParts(text: string): { name: string; entries: string[] } {
	const cuts = [...text.matchAll(/:/g)].map(({ index }) => index);
	const parts = cuts.map((cut) => ({
		name: text.slice(0, cut).trim(),
		entries: text
			.slice(cut + 1)
			.split(',')
			.map((entry) => entry.trim())
			.filter(Boolean)
	}));
	const isRead = ({ entries }: { entries: string[] }) =>
		entries.every((entry) => localEntrySchema.safeParse(entry).success);
	return parts.find(isRead) ?? parts.at(-1) ?? { name: text.trim(), entries: [] };
}

/** Writes a local identity as {@link parseLocalIdentity} reads it. */
export function formatLocalIdentity({
	name,
	roles,
	scopedRoles = [],
	groups = []
}: Pick<Identity, 'name' | 'roles' | 'scopedRoles' | 'groups'>): string {
	return `${name}:${[...roles, ...scopedRoles, ...groups.map((group) => `@${group}`)].join(',')}`;
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
