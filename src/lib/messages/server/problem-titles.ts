import { translated } from '../locale';

/** The title of each kind of problem (RFC 9457). */
const en = {
	'malformed-json': 'Malformed JSON',
	'malformed-url': 'Malformed URL',
	'invalid-input': 'Invalid input',
	'invalid-params': 'Invalid params',
	'invalid-data': 'Invalid form data',
	unauthenticated: 'Not signed in',
	'not-configured': 'Sign-in is not configured',
	forbidden: 'Not allowed',
	'self-approval': 'Requesters cannot approve their own requests',
	'foreign-origin': 'Cross-origin request refused',
	'foreign-host': 'Unknown host',
	'not-found': 'Not found',
	'unknown-workflow': 'Workflow not found',
	'unknown-run': 'Run not found',
	'unknown-approval': 'Approval not found',
	'unknown-agent': 'Agent not found',
	'unknown-view': 'Saved view not found',
	'method-not-allowed': 'Method not allowed',
	'id-taken': 'ID already in use',
	'outcome-unknown': 'Outcome of the first request unknown',
	'idempotency-key-reused': 'Idempotency key already used',
	'wrong-state': 'Not possible in this state',
	'already-decided': 'Already decided',
	'not-waiting': 'The run does not wait for this event',
	claimed: 'Claimed by someone else',
	'link-used': 'Link already used',
	'link-expired': 'Link expired',
	'body-too-large': 'Request body too large',
	'url-too-long': 'URL too long',
	'headers-too-large': 'Request headers too large',
	'rate-limited': 'Too many requests',
	unavailable: 'Temporarily unavailable',
	internal: 'Internal error'
};

export const problemTitles = translated({ en });
