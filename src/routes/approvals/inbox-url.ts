import { INBOX_PAGE, inboxQuery } from '$lib/client';
import {
	APPROVAL_STATUSES,
	SEVERITIES,
	type ApprovalQueryInput,
	type ApprovalStatus,
	type Assignee,
	type Role,
	type Severity
} from '$lib/protocol';

export const INBOX_TABS = ['waiting', 'decided', 'figures'] as const;
export type InboxTab = (typeof INBOX_TABS)[number];

/** Whose requests: those that wait for me, that I keep, my groups', nobody's, or all. */
export const WHOSE = ['for-me', 'mine', 'group', 'unassigned', 'all'] as const;
export type Whose = (typeof WHOSE)[number];

/** Statuses of what does not wait any more. */
export const DECIDED: readonly ApprovalStatus[] = APPROVAL_STATUSES.filter(
	(status) => status !== 'pending'
);

/** What the inbox looks at, all of it in the URL; null is what goes without saying. */
export type InboxPlace = {
	tab: InboxTab;
	whose: Whose | null;
	q: string;
	workflow: string | null;
	severities: Severity[];
	statuses: ApprovalStatus[];
	/** Are alike requests put together? */
	grouped: boolean;
};

/** Reads the inbox's URL. What it does not know goes without saying. */
export function readInboxUrl({ searchParams }: URL): InboxPlace {
	const listed = (name: string) => (searchParams.get(name) ?? '').split(',');
	return {
		tab: INBOX_TABS.find((tab) => tab === searchParams.get('tab')) ?? 'waiting',
		whose: WHOSE.find((whose) => whose === searchParams.get('whose')) ?? null,
		q: searchParams.get('q') ?? '',
		workflow: searchParams.get('workflow') || null,
		severities: SEVERITIES.filter((severity) => listed('severity').includes(severity)),
		statuses: DECIDED.filter((status) => listed('status').includes(status)),
		grouped: searchParams.get('grouped') === 'yes'
	};
}

/** The inbox's search parameters with some of them changed, as {@link readInboxUrl} reads them. */
export function inboxParams(change: Partial<InboxPlace>): Record<string, string | null> {
	const params: Record<string, string | null> = {};
	if (change.tab) params['tab'] = change.tab === 'waiting' ? null : change.tab;
	if (change.whose !== undefined) params['whose'] = change.whose;
	if (change.q !== undefined) params['q'] = change.q || null;
	if (change.workflow !== undefined) params['workflow'] = change.workflow;
	if (change.severities) params['severity'] = change.severities.join(',') || null;
	if (change.statuses) params['status'] = change.statuses.join(',') || null;
	if (change.grouped !== undefined) params['grouped'] = change.grouped ? 'yes' : null;
	return params;
}

/** Whose requests are shown, when the URL does not say. */
export function usualWhose(roles: readonly Role[]): Whose {
	return inboxQuery(roles).assignee === undefined ? 'all' : 'for-me';
}

/** What the list asks for. Without filters it is just what the badge counts. */
export function listQuery(place: InboxPlace, whose: Whose): ApprovalQueryInput {
	const { tab, q, workflow, severities, statuses } = place;
	const filters: Partial<ApprovalQueryInput> = {
		...(q.trim() === '' ? {} : { q: q.trim() }),
		...(workflow === null ? {} : { workflow }),
		...(severities.length > 0 ? { severity: severities } : {})
	};
	if (tab === 'waiting') {
		const assignee: Assignee | undefined = whose === 'all' ? undefined : whose;
		return {
			status: 'pending',
			...(assignee ? { assignee } : {}),
			...filters,
			limit: INBOX_PAGE
		};
	}
	const status = statuses.length > 0 ? statuses : [...DECIDED];
	return { status, order: 'decided', ...filters, limit: INBOX_PAGE };
}

/** Is anything filtered out, beside whose requests they are? */
export function isFiltered({ q, workflow, severities, statuses }: InboxPlace): boolean {
	return q.trim() !== '' || workflow !== null || severities.length + statuses.length > 0;
}
