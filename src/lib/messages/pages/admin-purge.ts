import { translated } from '../locale';
import { formatNumber, plural } from '../plural';
import { purgeText } from '../server/purge';

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
	byWorkflow: 'By workflow',
	byAgent: 'By Agent',
	moreAgents: (agents: number) => plural(agents, { one: '# more Agent', other: '# more Agents' }),
	created: 'Created',
	size: 'Size in the index',
	megabytes: (bytes: number) =>
		bytes < 1_000_000
			? `${formatNumber(Math.ceil(bytes / 1_000))} kB`
			: `${formatNumber(Math.round(bytes / 100_000) / 10)} MB`,
	keptTitle: 'Kept, although they match',
	keptBecause: (reason: keyof typeof purgeText.kept, count: number) =>
		plural(count, purgeText.kept[reason]),
	expires: 'Exactly these runs are deleted, whatever matches later. The preview expires {time}.',
	needsApproval: 'A second admin must approve a purge of this size before it deletes anything.',
	export: 'Export',
	exportWhole: 'Export with histories',
	instances: 'Also delete the instances of the Workflows engine',
	sampleTitle: (shown: number, total: number) =>
		total > shown ? `First ${formatNumber(shown)} runs` : 'Matching runs',
	confirmTitle: (total: number) => `Purge ${runs(total)}?`,
	confirmDetail: 'This deletes their history, params and output for everyone. It cannot be undone.',
	confirmLabel: (total: number) => `Type ${total} to confirm`,
	confirmMismatch: (total: number) => `Type the number of runs: ${total}`,

	progressTitle: 'Purge',
	close: 'Close',
	starting: 'Starting…',
	states: {
		previewed: 'Not started',
		starting: 'Starting',
		waiting: 'Waiting for a second admin',
		running: 'Running',
		paused: 'Paused',
		done: 'Done',
		aborted: 'Aborted',
		rejected: 'Rejected',
		failed: 'Failed'
	},
	reached: (deleted: number, total: number) => `${formatNumber(deleted)} of ${runs(total)} deleted`,
	pace: (perSecond: number) => plural(perSecond, { one: '# run/s', other: '# runs/s' }),
	timeLeft: (duration: string) => `${duration} left`,
	leftBehind: 'Left because their Agent could not be reached or refused',
	instancesDone: (deleted: number, missing: number, failed: number) =>
		`Engine instances: ${formatNumber(deleted)} deleted, ${formatNumber(missing)} already gone, ${formatNumber(failed)} failed`,
	pause: 'Pause',
	resume: 'Resume',
	abort: 'Abort',
	abortTitle: 'Abort this purge?',
	abortDetail: 'Runs that are already deleted stay deleted. The others are kept.',
	abortedBy: (name: string) => `Aborted by ${name}`,
	approve: 'Open the approval',
	byPolicy: (policy: string) => `retention policy ${policy}`,

	historyTitle: 'Deletion history',
	historyEmpty: 'Nothing was deleted yet.',
	/** `{time}` is when it was previewed. */
	historyLine: (by: string) => `${by}, {time}`
};

export const adminPurgeText = translated({ en });
