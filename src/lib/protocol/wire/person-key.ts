// How texts that name people (approver entries, requesters, holders of a claim) and people
// themselves are compared: by typed keys. A display name is never one.
import { ROLES, type Identity } from './identity';
import { isEmail, localSubject, normalizedEmail } from './subject';

/** As far as permissions go: who somebody is. */
export type Person = Pick<
	Identity,
	'subject' | 'name' | 'email' | 'roles' | 'scopedRoles' | 'groups'
>;

/** Subjects that say their own kind; everything else is an email or a name on this machine. */
const SUBJECT = /^(access|service|local|agent|bulk):/;

/** The subject that a text means: `ana@example.com`, `service:ci`; `ana` is `local:ana`. */
export function subjectNamed(text: string): string {
	const entry = text.trim().replace(/^email:/, '');
	if (isEmail(entry)) return normalizedEmail(entry);
	return SUBJECT.test(entry) ? entry : localSubject(entry);
}

/** The key of an approver entry: `role:approver`, `group:finance` or a person's subject. */
export function approverKey(entry: string): string {
	const text = entry.trim();
	const role = text.replace(/^role:/, '');
	if (ROLES.some((known) => known === role)) return `role:${role}`;
	return text.startsWith('group:') ? text : subjectNamed(text);
}

/** The keys of entries that mean this person. */
export function approverKeysOf({ subject, roles, groups = [] }: Person): string[] {
	return [
		subject,
		...roles.map((role) => `role:${role}`),
		...groups.map((group) => `group:${group}`)
	];
}
