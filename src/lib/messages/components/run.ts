import { translated } from '../locale';
import { formatNumber, plural } from '../plural';

const en = {
	status: {
		queued: 'Queued',
		running: 'Running',
		waiting: 'Waiting',
		waitingForPause: 'Pausing',
		paused: 'Paused',
		rollingBack: 'Rolling back',
		complete: 'Complete',
		errored: 'Errored',
		terminated: 'Terminated',
		unknown: 'Unknown'
	},
	/** For an outcome of a newer server, in its own word. */
	statusAndOutcome: (status: string, outcome: string) => `${status} (${outcome})`,
	outcome: { rejected: 'Rejected', expired: 'Expired', lost: 'Lost' },
	noBinding: 'No binding',
	sleeping: 'Sleeping',
	interrupted: 'Interrupted by a restart',
	approvalStatus: {
		pending: 'Pending',
		approved: 'Approved',
		rejected: 'Rejected',
		expired: 'Expired',
		cancelled: 'Cancelled',
		'decided-outside': 'Decided outside Signalbox'
	},

	actions: 'Actions',
	action: {
		pause: {
			verb: 'Pause',
			done: 'Pause requested',
			consequence:
				'The current step finishes, then the run waits until it is resumed. Approval deadlines keep counting down.'
		},
		resume: {
			verb: 'Resume',
			done: 'Resumed',
			consequence: 'The run continues where it stopped. Due times shift by the length of the pause.'
		},
		terminate: {
			verb: 'Terminate',
			done: 'Terminated',
			consequence:
				'The run stops now and starts no further steps. Completed steps keep their effects, and its pending approvals are cancelled.'
		},
		restart: {
			verb: 'Restart',
			done: 'Restarted',
			consequence:
				'The run starts again from the beginning with the same params. Every step runs again, including steps with external effects, and results so far are discarded. The history so far stays readable as a previous generation.'
		},
		delete: {
			verb: 'Delete',
			done: 'Deleted',
			consequence:
				'The record of this run, its history and its output are deleted for everyone. This cannot be undone.'
		}
	},
	/** A second sentence after the consequence of a restart. */
	stepInterrupted: (step: string) => `Its current step, ${step}, is interrupted.`,
	/** A second sentence after the consequence of a terminate. */
	childrenContinue: (runs: number) =>
		plural(runs, {
			one: 'The run that it started continues.',
			other: 'The # runs that it started continue.'
		}),
	confirmTitle: (verb: string, workflow: string, id: string) => `${verb} ${workflow} ${id}?`,
	rollBackFirst: 'Roll back first: steps with a rollback handler are undone, newest first.',
	/** `{shift}` is the key. */
	undoHint: (seconds: number) =>
		`You can undo this for ${plural(seconds, { one: '# second', other: '# seconds' })}. Hold {shift} to skip the wait.`,

	family: 'Parent and child runs',
	familyNote: (ancestors: number, descendants: number) =>
		[
			ancestors > 0 ? plural(ancestors, { one: '# ancestor', other: '# ancestors' }) : '',
			descendants > 0 ? plural(descendants, { one: '# descendant', other: '# descendants' }) : ''
		]
			.filter(Boolean)
			.join(', '),
	familyCut: (runs: number) => `only the first ${formatNumber(runs)} are shown`,
	level: (level: number) => `Level ${level}:`,
	thisRun: 'this run',

	firstTitle: 'No runs yet',
	firstDetail:
		'Start a workflow and watch its steps here as they run. The included workflows come with example params.',
	chooseWorkflow: 'Choose a workflow',

	metadata: 'Metadata',
	runsWith: (key: string, value: string) => `Runs with ${key} ${value}`,

	progress: 'Progress',
	progressHistory: 'Progress over time',
	progressLine: (name: string, span: string, last: string) =>
		`${name} over ${span}, latest ${last}`,
	progressReports: (last: string, reports: number, span: string) =>
		`${last} · ${plural(reports, { one: '# report', other: '# reports' })} over ${span}`,

	stepSleeping: 'sleeping',
	stepSleepingUntil: (time: string) => `sleeping until ${time}`,
	stepNeedsApproval: 'waiting for approval',
	stepWaitsFor: (event: string) => `waiting for ${event}`
};

export const runText = translated({ en });
