import { translated } from '../locale';

const en = {
	completions: 'Completions',
	terms: 'Query terms',
	removeTerm: (term: string) => `Remove ${term}`,
	clearQuery: 'Clear query',

	/** What a field of a query is about. */
	fields: {
		status: 'status of the run',
		workflow: 'binding name',
		agent: 'Agent that started the run',
		error: 'part of the error',
		created: 'creation time',
		duration: 'how long the run took',
		is: 'overdue, approval, retried …'
	},
	/** What a suggested value means. */
	values: {
		last15Minutes: 'within the last 15 minutes',
		lastHour: 'within the last hour',
		lastDay: 'within the last 24 hours',
		lastWeek: 'within the last 7 days',
		olderThanWeek: 'more than 7 days ago',
		hasFinished: 'has finished',
		moreThanNone: 'at least one',
		threeOrMore: 'three or more',
		overSecond: 'longer than a second',
		overMinute: 'longer than a minute',
		overHour: 'longer than an hour',
		underSecond: 'shorter than a second',
		overHalf: 'more than half',
		allDone: 'complete'
	}
};

export const searchText = translated({ en });
