import { approvalSchema, problem, problemSchema, type Answer, type Approval } from '$lib/protocol';
import type { PageLoad } from './$types';

/** Finds the approval; from then on the page follows it live, with its run. */
export const load: PageLoad = async ({ params, fetch }) => ({
	answer: await find(fetch, params.id)
});

async function find(get: typeof fetch, id: string): Promise<Answer<Approval>> {
	try {
		const response = await get(`/api/v1/approvals/${encodeURIComponent(id)}`);
		const body: unknown = await response.json();
		const found = response.ok ? approvalSchema.safeParse(body) : undefined;
		if (found?.success) return { ok: true, value: found.data };
		const refused = problemSchema.safeParse(body);
		const unread = problem('internal', `The server answered ${response.status}.`);
		return { ok: false, problem: refused.success ? refused.data : unread };
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		return { ok: false, problem: problem('unavailable', `The server does not answer: ${why}`) };
	}
}
