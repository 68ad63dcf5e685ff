// Why a field of a request, a file or a form is invalid: each text follows the name of the field.
import { translated } from '../locale';

const characters = (limit: number) => `must be at most ${limit.toLocaleString('en')} characters`;

const en = {
	tooLong: characters,
	empty: 'must not be empty',
	trueOrFalse: 'must be true or false',
	format: 'must be csv or ndjson',
	httpUrl: 'must be an http or https URL',
	urlWithCredentials: 'must not contain a user name or password; requests are signed',
	webhookId: 'must be a webhook ID',
	approvalId: 'must be an approval ID',
	workflow: 'must be a binding name such as REFUND',
	scopedRole:
		'must be viewer, operator, approver or admin; the first three can be limited to a workflow ' +
		'(approver:REFUND) or an Agent (operator:store-agent/berlin)',
	runId: 'must be 1 to 100 letters, digits, "-" or "_", and must not begin with "-"',
	runKeys: (given: string) =>
		`must be run keys such as REFUND/run-1, separated by commas, not “${given}”`,
	agentPath:
		'must be an Agent path such as store-agent/berlin or store-agent/berlin/sub/aisle-agent/7',
	redacted: (mark: string) => `must be the real value, not ${mark}`,
	time: 'must be a time in milliseconds or ISO 8601 text',
	reasonMissing: 'is required',
	notUriEncoded: 'must be URI-encoded: write % as %25',
	agentNotAddressable: 'must not name an Agent "." or "..", which no URL can reach',
	order: (fields: readonly string[]) =>
		`must be one of ${fields.join(', ')}, with ":asc" or ":desc", for example created:desc`,
	limit: 'must be from 1 to 100',
	emptyQuery: 'must not be empty; "*" matches every run',
	noRuns: 'must name at least one run',
	tooManyRuns: (limit: number) =>
		`must name at most ${limit.toLocaleString('en')} runs; use a query for more`,
	queryOrRuns: 'either "q", a query, or "runs", a list of { workflow, id }, is required',
	eventType: 'must contain only letters, digits, "-" and "_"',
	noCriteria: 'at least one criterion is required; {"q":"*"} matches every ended run',
	reasonToReject: 'a reason is required to reject',
	eventsOutOfOrder: 'must contain each event once, in the order of their IDs',
	generationTwice: 'must contain each generation once',
	newerThanRun: 'must not be newer than the run',
	currency: 'must be a currency code of three capital letters, such as EUR',
	duration: 'must be a duration such as "30 seconds"',
	durationOrMs: 'must be a duration such as "30 seconds", or milliseconds',
	cursor: 'cursor: is not a cursor of this list'
};

export const fieldErrorsText = translated({ en });
