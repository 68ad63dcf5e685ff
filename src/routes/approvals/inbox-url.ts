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

export const INBOX_TABS = ['waiting', 'events', 'decided', 'figures'] as const;
export type InboxTab = (typeof INBOX_TABS)[number];

/** Filters by assignee, as they appear in the URL. */
export const INBOX_ASSIGNEES = ['for-me', 'mine', 'group', 'unassigned', 'all'] as const;
export type InboxAssignee = (typeof INBOX_ASSIGNEES)[number];

/** Every status of an approval that is no longer pending. */
export const DECIDED_STATUSES: readonly ApprovalStatus[] = APPROVAL_STATUSES.filter(
	(status) => status !== 'pending'
);

/** The inbox's tab and filters, all of which live in the URL; null stands for the default. */
export type InboxPlace = {
	tab: InboxTab;
	assignee: InboxAssignee | null;
	q: string;
	workflow: string | null;
	severities: Severity[];
	statuses: ApprovalStatus[];
	/** Are similar approvals grouped? */
	grouped: boolean;
};

/** Reads the inbox's URL. Unknown values fall back to the default. */
export function readInboxUrl({ searchParams }: URL): InboxPlace {
	const listed = (name: string) => (searchParams.get(name) ?? '').split(',');
	return {
		tab: INBOX_TABS.find((tab) => tab === searchParams.get('tab')) ?? 'waiting',
		assignee: INBOX_ASSIGNEES.find((one) => one === searchParams.get('whose')) ?? null,
		q: searchParams.get('q') ?? '',
		workflow: searchParams.get('workflow') || null,
		severities: SEVERITIES.filter((severity) => listed('severity').includes(severity)),
		statuses: DECIDED_STATUSES.filter((status) => listed('status').includes(status)),
		grouped: searchParams.get('grouped') === 'yes'
	};
}

/** The search parameters of a change, in the form that {@link readInboxUrl} reads. */
export function inboxParams(change: Partial<InboxPlace>): Record<string, string | null> {
	const params: Record<string, string | null> = {};
	if (change.tab) params['tab'] = change.tab === 'waiting' ? null : change.tab;
	if (change.assignee !== undefined) params['whose'] = change.assignee;
	if (change.q !== undefined) params['q'] = change.q || null;
	if (change.workflow !== undefined) params['workflow'] = change.workflow;
	if (change.severities) params['severity'] = change.severities.join(',') || null;
	if (change.statuses) params['status'] = change.statuses.join(',') || null;
	if (change.grouped !== undefined) params['grouped'] = change.grouped ? 'yes' : null;
	return params;
}

/** The assignee filter if the URL has none. */
export function defaultAssignee(roles: readonly Role[]): InboxAssignee {
	return inboxQuery(roles).assignee === undefined ? 'all' : 'for-me';
}

/** The list's query. Without filters it equals the query that the navigation badge counts. */
export function listQuery(place: InboxPlace, chosen: InboxAssignee): ApprovalQueryInput {
	const { tab, q, workflow, severities, statuses } = place;
	const filters: Partial<ApprovalQueryInput> = {
		...(q.trim() === '' ? {} : { q: q.trim() }),
		...(workflow === null ? {} : { workflow }),
		...(severities.length > 0 ? { severity: severities } : {})
	};
	if (tab === 'waiting') {
		const assignee: Assignee | undefined = chosen === 'all' ? undefined : chosen;
		return {
			status: 'pending',
			...(assignee ? { assignee } : {}),
			...filters,
			limit: INBOX_PAGE
		};
	}
	const status = statuses.length > 0 ? statuses : [...DECIDED_STATUSES];
	return { status, order: 'decided', ...filters, limit: INBOX_PAGE };
}

/** Does any filter apply, other than the assignee? */
export function isFiltered({ q, workflow, severities, statuses }: InboxPlace): boolean {
	return q.trim() !== '' || workflow !== null || severities.length + statuses.length > 0;
}
