import { approvalPageText } from '$lib/messages/pages/approval-page';
import { approvalSchema, problem, problemSchema, type Answer, type Approval } from '$lib/protocol';
import type { PageLoad } from './$types';

/** Loads the approval once; the page follows it live from then on. */
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
		const unread = problem('internal', approvalPageText.unreadableAnswer(response.status));
		return { ok: false, problem: refused.success ? refused.data : unread };
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		return { ok: false, problem: problem('unavailable', approvalPageText.unreachable(why)) };
	}
}
