import { translated } from '../locale';
import { formatNumber, plural } from '../plural';

const runs = (count: number) => plural(count, { one: '# run', other: '# runs' });

type Choice =
	'pause' | 'resume' | 'restart' | 'restart-from' | 'send-event' | 'terminate' | 'delete';

type ChoiceTexts = {
	/** The button and the dialog's title for one run or many. */
	verb: string;
	menu: string;
	title: string;
	/** The button that starts the job. */
	submit: (count: number) => string;
	eligible: (eligible: number, total: number) => string;
	consequence: string;
};

const eligibleTo =
	(can: string, canAll: string) =>
	(eligible: number, total: number): string =>
		total === eligible
			? `${runs(eligible)} ${eligible === 1 ? can : canAll}`
			: `${formatNumber(eligible)} of ${runs(total)} ${eligible === 1 ? can : canAll}`;

const choices: Record<Choice, ChoiceTexts> = {
	pause: {
		verb: 'Pause',
		menu: 'Pause…',
		title: 'Pause runs',
		submit: (count) => `Pause ${runs(count)}`,
		eligible: eligibleTo('can be paused', 'can be paused'),
		consequence: 'Each run finishes its current step and then waits until someone resumes it.'
	},
	resume: {
		verb: 'Resume',
		menu: 'Resume…',
		title: 'Resume runs',
		submit: (count) => `Resume ${runs(count)}`,
		eligible: eligibleTo('can be resumed', 'can be resumed'),
		consequence: 'Each run continues from where it was paused.'
	},
	restart: {
		verb: 'Restart',
		menu: 'Restart…',
		title: 'Restart runs',
		submit: (count) => `Restart ${runs(count)}`,
		eligible: eligibleTo('can be restarted', 'can be restarted'),
		consequence:
			'Each run starts again from the beginning with the same params. Every step runs again, including steps with external effects.'
	},
	'restart-from': {
		verb: 'Restart',
		menu: 'Restart from step…',
		title: 'Restart runs from a step',
		submit: (count) => `Restart ${runs(count)}`,
		eligible: eligibleTo('can be restarted', 'can be restarted'),
		consequence:
			'Earlier steps keep their results. The step and all later steps run again, including steps with external effects. Runs that never reached the step fail to restart and stay unchanged.'
	},
	'send-event': {
		verb: 'Send event',
		menu: 'Send event…',
		title: 'Send an event to runs',
		submit: (count) => `Send to ${runs(count)}`,
		eligible: eligibleTo('waits for this event', 'wait for this event'),
		consequence: 'Each run receives the event and continues immediately. This cannot be undone.'
	},
	terminate: {
		verb: 'Terminate',
		menu: 'Terminate…',
		title: 'Terminate runs',
		submit: (count) => `Terminate ${runs(count)}`,
		eligible: eligibleTo('can be terminated', 'can be terminated'),
		consequence:
			'Each run stops immediately. Effects of completed steps are not rolled back, and open approvals are cancelled.'
	},
	delete: {
		verb: 'Delete',
		menu: 'Delete…',
		title: 'Delete runs',
		submit: (count) => `Delete ${runs(count)}`,
		eligible: eligibleTo('can be deleted', 'can be deleted'),
		consequence: 'Records, histories and outputs are deleted for everyone. This cannot be undone.'
	}
};

const en = {
	choices,
	menuLabel: 'Actions for selected runs',
	menuTrigger: 'Actions',
	runs,

	step: 'Step',
	stepHint: 'The step name as written in the workflow code, such as write-ledger.',
	eventType: 'Event type',
	eventTypeHint: 'Sent to every selected run that waits for it. Approvals are decided one by one.',
	payload: 'Payload',
	payloadHint: 'Any JSON value. Leave empty for null.',
	stepRequired: 'Enter the step name as written in the workflow code.',
	invalidEventType: 'Use up to 100 letters, digits, "-" and "_".',
	invalidPayload: (why: string) => `The payload ${why}`,

	counting: 'Counting runs…',
	count: 'Count runs',
	others: 'Not included:',
	byStatus: 'By status',
	sample: 'Sample of runs',
	more: (count: number) => `and ${formatNumber(count)} more`,
	typeToConfirm: (count: number) => `Type ${count} to confirm`,
	typeTheCount: (count: number) => `Enter the number of runs: ${count}`,
	cancel: 'Cancel',
	close: 'Close',
	started: (verb: string, count: number) => `${verb}: ${runs(count)}`,
	startedDetail: 'The job continues when you leave this page.',

	abort: 'Abort',
	abortTitle: 'Abort this job?',
	abortDetail: (left: number) =>
		`The job stops before its next run. ${runs(left)} will not be changed. Completed runs keep their result.`,
	aborting: 'Aborting the job',
	runRest: 'Process remaining',
	runRestTitle: (verb: string, count: number) => `${verb} ${runs(count)}?`,
	runRestDetail: (consequence: string) =>
		`A new job processes the runs that this job did not reach. ${consequence}`,
	runRestVerb: (count: number) => `Process ${formatNumber(count)}`,
	retryFailed: (count: number) => `Retry ${formatNumber(count)} failed`,
	retryTitle: (verb: string, count: number) => `${verb} ${runs(count)} again?`,
	retryDetail: (consequence: string) => `A new job retries the failed runs. ${consequence}`,
	retryVerb: (count: number) => `Retry ${formatNumber(count)}`,
	newJob: 'Started a new job',

	jobs: 'Bulk jobs',
	hideJob: (title: string) => `Hide ${title}`,
	jobTitle: (verb: string, count: number) => `${verb}: ${runs(count)}`,
	unknownAction: 'Bulk action',
	failedCount: (count: number) => `${formatNumber(count)} failed`,
	skippedCount: (count: number) => `${formatNumber(count)} skipped`,
	doneCount: (count: number) => `${formatNumber(count)} done`,
	notReachedCount: (count: number) => `${formatNumber(count)} not reached`,
	pendingCount: (count: number) => `${formatNumber(count)} pending`,
	startedBy: (name: string) => `by ${name}`,

	panelTitle: (verb: string) => `${verb}: results`,
	panelTitleUnknown: 'Results',
	selectedByQuery: 'Selected by query',
	selectedOneByOne: 'Selected individually',
	retryOf: 'Retry of',
	abortedBy: (name: string) => `Aborted by ${name}`,
	results: 'Results',
	tabs: { all: 'All', failed: 'Failed', skipped: 'Skipped', done: 'Done', pending: 'Pending' },
	notReached: 'Not reached',
	noItems: 'No runs',
	retried: 'retried',
	previousPage: 'Previous',
	nextPage: 'Next',
	loadingItems: 'Loading runs',
	loadingJob: 'Loading job',
	progress: 'Runs',
	itemStates: {
		done: 'Done',
		failed: 'Failed',
		skipped: 'Skipped',
		doing: 'In progress',
		pending: 'Pending'
	}
};

export const bulkActionsText = translated({ en });
