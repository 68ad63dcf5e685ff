import { translated } from '../locale';
import { formatNumber } from '../plural';

const en = {
	options: 'History display options',
	find: 'Find events',
	shown: (shown: number, all: number) => `${formatNumber(shown)} of ${formatNumber(all)}`,
	kind: 'Kind',
	kinds: {
		workflow: 'Workflow',
		step: 'Step',
		attempt: 'Attempt',
		sleep: 'Sleep',
		wait: 'Wait',
		rollback: 'Rollback',
		other: 'Other'
	},
	failuresOnly: 'Failures only',
	time: 'Time',
	times: { start: 'Since start', before: 'Since previous event', clock: 'Local time' },
	layout: 'Layout',
	layouts: { compact: 'Compact', full: 'Full', json: 'JSON' },
	copyShown: 'Copy shown events as JSON',

	events: 'Events',
	selectedEvent: 'Selected event',
	event: (id: number) => `Event ${id}`,
	copyLink: (id: number) => `Copy link to event ${id}`,
	close: 'Close',

	/** Details of one event. */
	attempt: (attempt: number) => `attempt ${attempt}`,
	forEvent: (type: string) => `for ${type}`,
	forDuration: (length: string) => `for ${length}`,
	retryIn: (delay: string) => `retry in ${delay}`,
	error: (name: string, message: string) => `${name}: ${message}`,
	errorName: 'Error'
};

export const historyText = translated({ en });
