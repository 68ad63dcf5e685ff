// What people are told apart by. A display name never is: see `person-key.ts`.
import { z } from 'zod';

/** The longest subject: a name or an email with its prefix, characters. */
const MAX_SUBJECT = 400;
export const subjectSchema = z.string().min(1).max(MAX_SUBJECT);

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
