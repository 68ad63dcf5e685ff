import type { ApprovalPage } from '$lib/protocol';

/** Pages of one list as one page; an approval that moved between two of them is there once. */
export function joinPages(pages: readonly Readonly<ApprovalPage>[]): ApprovalPage {
	const byId = new Map(pages.flatMap(({ approvals }) => approvals.map((one) => [one.id, one])));
	return {
		approvals: [...byId.values()],
		total: pages[0]?.total ?? 0,
		nextCursor: pages.at(-1)?.nextCursor ?? null
	};
}
