import { translated } from '../locale';
import { formatNumber, plural } from '../plural';

const steps = (count: number) => plural(count, { one: '# step', other: '# steps' });

const en = {
	steps: 'Steps',
	paused: 'paused',
	find: 'Find steps',

	idleTime: 'Idle time',
	expandIdle: 'Collapsed. Select to show the full length',
	collapseIdle: 'Select to collapse',
	/** Periods in which nothing ran, with their length. */
	idle: (length: string) => `idle, ${length}`,
	idlePaused: (length: string) => `paused, ${length}`,
	idleSleeping: (length: string) => `sleeping, ${length}`,
	idleRetrying: (step: string, length: string) => `${step} between attempts, ${length}`,
	idleApproval: (length: string) => `waiting for approval, ${length}`,
	idleEvent: (event: string, length: string) => `waiting for ${event}, ${length}`,

	zoom: 'Zoom',
	follow: 'Follow',
	followHint: 'Keep the current time in view (l)',
	zoomOut: 'Zoom out (-)',
	zoomIn: 'Zoom in (+)',
	fit: 'Fit (0)',
	copyRangeLink: 'Copy link to this time range',
	showKeys: 'Keyboard shortcuts (?)',
	keysTitle: 'Timeline keyboard shortcuts',
	keys: {
		move: 'Previous or next step',
		page: 'Previous or next page of steps',
		ends: 'First or last step',
		toggle: 'Open or close a group of steps',
		close: 'Close the step',
		zoom: 'Zoom in or out',
		fit: 'Fit the whole run',
		pan: 'Pan when zoomed in',
		follow: 'Follow the current time',
		find: 'Find steps',
		wheelZoom: 'Zoom at the pointer; pinching does the same',
		wheelPan: 'Pan; dragging does the same',
		shortcuts: 'Show keyboard shortcuts'
	},

	state: {
		running: 'running',
		retrying: 'waiting to retry',
		completed: 'completed',
		errored: 'failed',
		timedOut: 'timed out',
		open: 'waiting',
		cancelled: 'cancelled'
	},
	overdue: 'overdue',
	sleeping: 'sleeping',
	received: 'received',
	kind: { step: 'step', sleep: 'sleep', wait: 'wait', rollback: 'rollback' },
	kindOfSdk: (kind: string) => `${kind} of the SDK`,
	kinds: {
		step: steps,
		sleep: (count: number) => plural(count, { one: '# sleep', other: '# sleeps' }),
		wait: (count: number) => plural(count, { one: '# wait', other: '# waits' }),
		rollback: (count: number) => plural(count, { one: '# rollback', other: '# rollbacks' })
	},
	waitForEvent: (event: string) => `wait for ${event}`,
	/** Before the name of an event on a bar. */
	forEvent: 'for',
	attempts: (attempts: number) => plural(attempts, { one: '# attempt', other: '# attempts' }),
	groupOf: (members: string) => `group of ${members}`,
	groupOpen: 'open',
	groupClosed: 'closed',
	failed: (count: number) => `${formatNumber(count)} failed`,
	active: (count: number) => `${formatNumber(count)} active`,
	times: (count: number) => `× ${formatNumber(count)}`,

	stepPanel: (kind: string, title: string) => `${kind} ${title}`,
	groupPanel: (name: string) => `group ${name}`,
	copyStepLink: 'Copy link to this step',
	copyGroupLink: 'Copy link to this group',
	close: 'Close',
	fields: {
		kind: 'Kind',
		started: 'Started',
		took: 'Duration',
		eventType: 'Event type',
		sleep: 'Sleep duration',
		due: 'Due',
		retries: 'Retries',
		backoff: 'Backoff',
		timeout: 'Timeout',
		failed: 'Failed',
		active: 'Active',
		each: 'Each'
	},
	sinceStart: (length: string) => `(+${length})`,
	upTo: (count: string) => `up to ${count}`,
	backoff: (delay: string, growth: string | null) =>
		growth === null ? delay : `${delay}, ${growth}`,
	perAttempt: (length: string) => `${length} per attempt`,
	attemptsTitle: 'Attempts',
	output: 'Output',
	outputOf: (title: string) => `Output of ${title}`,

	groupKind: (members: string) => `${members} whose names differ only by a number`,
	none: 'none',
	/** `{duration}` is from the first start to the last end. */
	groupTook: '{duration} from first to last',
	groupTimes: (least: string, most: string, median: string, p95: string) =>
		`${least} to ${most}; median ${median}, 95% within ${p95}`,
	groupFailed: 'Failed steps',
	groupSlowest: 'Slowest steps',
	moreFailed: (steps: number) => `and ${formatNumber(steps)} more`,

	earlierAttempts: (attempts: number) =>
		`Show ${plural(attempts, { one: '# earlier attempt', other: '# earlier attempts' })}`,
	attempt: (attempt: number) => `Attempt ${attempt}`,
	attemptState: {
		running: 'running',
		completed: 'completed',
		errored: 'failed',
		interrupted: 'interrupted and started again',
		cancelled: 'cancelled'
	},
	copyAttemptLink: (attempt: number) => `Copy link to attempt ${attempt}`,
	attemptStart: (length: string) => `+${length}`,
	retriedAfter: (delay: string) => `retried after ${delay}`,

	notFoundTitle: 'Step not found',
	/** `{step}` is the name in the address. */
	notFoundDetail: (generation: string) =>
		`Generation ${generation} of this run has no step {step}, or has not reached it yet.`
};

export const timelineText = translated({ en });
