import { translated } from '../locale';
import { formatNumber, plural } from '../plural';

const runs = (total: number) => plural(total, { one: '# run', other: '# runs' });

const en = {
	needsRole: 'Purging requires the admin role.',
	needsRoleDetail: 'You can view this form, but not submit it.',
	title: 'Delete ended runs permanently',
	intro:
		'A purge permanently deletes ended runs with their history, params and output. It never deletes runs that have not ended. Preview what it deletes first.',

	query: 'Query',
	queryHint: 'Same syntax as in the list of runs. Leave empty to use only the filters below.',
	workflow: 'Workflow',
	allWorkflows: 'All workflows',
	ended: 'Ended',
	ages: {
		any: 'Any time',
		hour: 'More than an hour ago',
		day: 'More than a day ago',
		week: 'More than 7 days ago',
		month: 'More than 30 days ago',
		at: 'Before a date…'
	},
	endedBefore: 'Ended before',
	dateMissing: 'enter a date and time',
	status: 'Status',
	allStatuses: 'None selected: all statuses',
	preview: 'Preview',

	previewTitle: (total: number) =>
		total === 0
			? 'No matching runs'
			: `${plural(total, { one: '# run', other: '# runs' })} will be deleted`,
	purge: (total: number) => `Purge ${runs(total)}`,
	byStatus: 'By status',
	skipped: (total: number) =>
		plural(total, {
			one: '# more run matches, but is kept because it has not ended.',
			other: '# more runs match, but are kept because they have not ended.'
		}),
	sampleTitle: (shown: number, total: number) =>
		total > shown ? `First ${formatNumber(shown)} runs` : 'Matching runs',
	confirmTitle: (total: number) => `Purge ${runs(total)}?`,
	confirmDetail: 'This deletes their history, params and output for everyone. It cannot be undone.',
	confirmLabel: (total: number) => `Type ${total} to confirm`,
	confirmMismatch: (total: number) => `Type the number of runs: ${total}`,

	progressTitle: 'Purge',
	close: 'Close',
	starting: 'Starting…'
};

export const adminPurgeText = translated({ en });
