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
		const response = await fetch(path, { headers: { accept: 'application/json' } });
		const body: unknown = await response.json();
		if (!response.ok) {
			const found = problemSchema.safeParse(body);
			if (found.success) return { ok: false, problem: found.data };
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
