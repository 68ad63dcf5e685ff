import { translated } from '../locale';
import { formatNumber, plural } from '../plural';

const runs = (total: number) => plural(total, { one: '# run', other: '# runs' });

const en = {
	title: 'Retention policies',
	intro:
		'A policy deletes ended runs by itself, on a schedule. Pinned runs stay. Nothing is deleted until you save a policy.',
	needsRole: 'Retention policies require the admin role',
	loading: 'Loading policies',
	emptyTitle: 'No policies',
	emptyDetail: 'Records stay until somebody deletes them.',
	suggest: 'Use the suggested policy',
	add: 'Add policy',
	edit: 'Edit',
	editTitle: (name: string) => `Edit ${name}`,
	name: 'Name',
	query: 'Query',
	queryHint: 'Same syntax as in the list of runs. Leave empty for every ended run.',
	age: 'Ended more than',
	ageHint: 'Such as 30d, 12h or 8w, at least 1h.',
	schedule: 'Schedule',
	scheduleHint: 'Cron: minute, hour, day, month, weekday.',
	zone: 'Time zone',
	instances: 'Also delete the instances of the Workflows engine',
	enabled: 'On',
	dryRun: 'Dry run',
	save: 'Save policy',
	saved: 'Policy saved',
	cancel: 'Cancel',
	today: (total: number) => `${runs(total)} would be deleted today`,
	needsApproval: 'The purge would wait for the approval of an admin.',
	nextTimes: 'Next times',
	off: 'Off',
	on: 'On',
	rule: (q: string, age: string) =>
		q === '' ? `Every run that ended more than ${age} ago` : `${q}, ended more than ${age} ago`,
	when: (schedule: string, zone: string) => `${schedule} (${zone})`,
	/** `{time}` is when it fires next. */
	next: 'Next {time}',
	/** `{time}` is when it fired last. */
	last: (deleted: number, kept: number, failed: number) =>
		[
			`Last {time}: ${formatNumber(deleted)} deleted`,
			...(kept > 0 ? [`${formatNumber(kept)} kept`] : []),
			...(failed > 0 ? [`${formatNumber(failed)} failed`] : [])
		].join(', '),
	neverFired: 'Has not fired yet',
	viewPurge: 'View purge',
	turnOn: 'Turn on',
	turnOff: 'Turn off',
	runNow: 'Run now',
	runNowTitle: (name: string) => `Run ${name} now?`,
	runNowDetail: 'It deletes what a dry run lists. Its schedule stays as it is.',
	nothingToDelete: 'Nothing to delete',
	started: 'Purge started',
	delete: 'Delete',
	deleteTitle: (name: string) => `Delete ${name}?`,
	deleteDetail: 'Runs that it has deleted stay deleted. A purge in progress continues.',
	deleted: 'Policy deleted',
	failing: (policies: number) =>
		plural(policies, {
			one: 'A retention policy had a problem',
			other: '# retention policies had a problem'
		}),
	view: 'View policies'
};

export const adminRetentionText = translated({ en });
