import type { z } from 'zod';
import { connectionText } from '$lib/messages/components/connection';
import { readTolerantly } from './read-tolerantly';
import { problem, problemSchema, type Answer } from '$lib/protocol';

/** The workspace that the server says in the page's head. */
export function pageWorkspace(): string {
	const meta = document.querySelector<HTMLMetaElement>('meta[name="signalbox-workspace"]');
	return meta?.content || 'main';
}

/** Gets a value of the HTTP API. It never rejects: what goes wrong is in the answer. */
export async function getJson<S extends z.ZodType>(
	path: string,
	schema: S
): Promise<Answer<z.output<S>>> {
	try {
		// Without the second header Access answers an ended session with a redirect to its own host,
		// which a page cannot tell from a lost network.
		const headers = { accept: 'application/json', 'x-requested-with': 'XMLHttpRequest' };
		const response = await fetch(path, { headers });
		const body = parsedJson(await response.text());
		if (!response.ok) {
			const found = problemSchema.safeParse(body);
			if (found.success) return { ok: false, problem: found.data };
			if (response.status === 401) {
				return { ok: false, problem: problem('unauthenticated', connectionText.signedOut) };
			}
			return { ok: false, problem: problem('internal', connectionText.status(response.status)) };
		}
		const { value, issues } = readTolerantly(schema, body);
		if (issues.length > 0) console.error(`Signalbox could not read all of ${path}:`, issues);
		if (value !== undefined) return { ok: true, value };
		return { ok: false, problem: problem('internal', connectionText.unreadableAnswer) };
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		return { ok: false, problem: problem('unavailable', connectionText.noAnswer(why)) };
	}
}

/** The JSON of an answer; undefined for anything else, which no schema accepts. */
function parsedJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined; // not JSON: whoever stands before Signalbox answered
	}
}
