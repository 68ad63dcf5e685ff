import type { Page } from '@playwright/test';
import type { Run } from '../../../src/lib/protocol';
import { RunsPage } from '../pages/runs-page';
import type { Api } from './api';
import { expect } from './test';

/** A page by its name, its address, and what shows that it is there. */
export type Stop = { name: string; path: string; shows: (page: Page) => Promise<void> };

/** The params of a refund. */
export const refund = (amount: number) => ({
	order: 'ORD-1',
	amount,
	currency: 'EUR',
	reason: 'Arrived broken',
	requestedBy: 'kim@example.com'
});

/** Every page, with something to show on each. */
export async function everyPage(api: Api, unique: (what: string) => string): Promise<Stop[]> {
	const waiting = await api.start({ workflow: 'REFUND', id: unique('w'), params: refund(500) });
	const bad = { source: { text: 'this is no row' }, format: 'ndjson' };
	const imported = await api.start({ workflow: 'CATALOG_IMPORT', id: unique('i'), params: bad });
	const done = await api.start({ workflow: 'REFUND', id: unique('d'), params: refund(5) });
	const approval = await api.approvalOf(waiting);
	await api.approvalOf(imported);
	await api.untilEnded(done);

	const heading = (name: string | RegExp) => (page: Page) =>
		expect(page.getByRole('heading', { name }).first()).toBeVisible();
	const run = (name: string, { workflow, id }: Run, query = ''): Stop => ({
		name,
		path: `/runs/${workflow}/${id}${query}`,
		shows: async (page) => {
			await heading(id)(page);
			await expect(page.getByRole('tabpanel')).not.toBeEmpty();
		}
	});
	return [
		{ name: 'the overview', path: '/', shows: heading('Last hour') },
		{
			name: 'the list',
			path: `/runs?q=id:${done.id}`,
			shows: (page) => expect(new RunsPage(page).link(done.id)).toBeVisible()
		},
		{ name: 'an empty list', path: '/runs?q=no:such', shows: heading('No runs match') },
		run('a run that waits', waiting),
		run('a run that waits with much to say', imported),
		run('a run that has ended', done),
		run('the history of a run', done, '?tab=history'),
		{ name: 'an unknown run', path: '/runs/REFUND/nobody', shows: heading('Run not found') },
		{ name: 'a run’s file', path: '/runs/open', shows: heading('Open a run file') },
		{
			name: 'the approvals',
			path: `/approvals?q=${approval.runId}`,
			shows: heading(/Refund 500.00/)
		},
		{
			name: 'the decided approvals',
			path: `/approvals?tab=decided&q=${approval.runId}`,
			shows: heading('Approvals')
		},
		{ name: 'an approval', path: `/approvals/${approval.id}`, shows: heading(/Refund 500.00/) },
		{
			name: 'the catalogue',
			path: '/workflows',
			shows: (page) => expect(page.getByRole('navigation', { name: 'Catalogue' })).toBeVisible()
		},
		...['CATALOG_IMPORT', 'LINK_AUDIT', 'FOLLOW_UP'].map((workflow): Stop => ({
			name: `the form of ${workflow}`,
			path: `/workflows?workflow=${workflow}`,
			shows: (page) => expect(page.getByRole('button', { name: 'Start' })).toBeVisible()
		})),
		{ name: 'the fleet', path: '/fleet', shows: heading('Fleet') },
		{
			name: 'an Agent',
			path: `/fleet/${done.agent.path}`,
			shows: heading('Latest runs of this Agent and its sub-agents')
		},
		{ name: 'purge', path: '/admin', shows: heading('Delete ended runs permanently') },
		{ name: 'retention', path: '/admin?tab=retention', shows: heading('Retention policies') },
		{
			name: 'the audit',
			// One run's entries: the log of the whole suite is longer than any window.
			path: `/admin?tab=audit&q=target:REFUND/${done.id}`,
			shows: (page) => expect(page.getByRole('list', { name: 'Audit log' })).not.toBeEmpty()
		},
		{ name: 'no page', path: '/nowhere', shows: heading('Page not found') }
	];
}
