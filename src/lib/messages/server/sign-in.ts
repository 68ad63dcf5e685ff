import { translated } from '../locale';

/** What the Worker answers before a request reaches a page, the API or an Agent. */
const en = {
	ownRequest: 'Signalbox does not send requests to itself.',
	rolesUnreadable: (issue: string) => `The var ROLES ${issue}.`,
	rolesFormat:
		'must be JSON such as {"ana@example.com":["viewer","approver"]}, with roles of viewer, ' +
		'operator, approver and admin; the first three can be limited to a workflow ' +
		'("approver:REFUND") or an Agent ("operator:store-agent/berlin")',
	notConfigured:
		'Put Cloudflare Access before this Worker and map people to roles in the var ROLES.',
	noRole: (name: string) => `${name} has no role here. The var ROLES gives roles to people.`,
	sessionEnded: 'The session has ended. Reload the page to sign in again.',
	nobody: 'The request does not say who makes it.',
	localIdentityUnreadable: (text: string, roles: string) =>
		`"${text}" is not <name>:<role>,<role>:<scope>,@<group> with roles of ${roles}. A scope is a ` +
		'workflow (REFUND) or an Agent (store-agent/berlin); admin has none.',
	serviceTokenNotConfigured:
		'A service token needs the var ACCESS_TEAM_DOMAIN (your-team.cloudflareaccess.com) and, ' +
		'where Access does not provide it, ACCESS_AUD.',
	serviceTokenInvalid: (why: string) => `The Access service token is not valid: ${why}.`,
	serviceTokenKeysUnavailable:
		'The keys of Cloudflare Access could not be loaded. Try again in a moment.',
	foreignHost: (host: string) =>
		`AUTH=local answers only localhost, 127.0.0.1 and [::1], not "${host}".`,
	foreignBrowser:
		'A browser sent this request from a page that is not on localhost, 127.0.0.1 or [::1].',
	foreignOrigin: (origin: string) => `${origin} is not this Signalbox.`,
	pathMalformed: 'The path is not valid percent-encoded UTF-8.',
	pathControl: 'The path contains a control character.',
	pathTooLong: (most: number) => `The path is longer than ${most} characters.`,
	queryTooLong: (most: number) => `The query string is longer than ${most} characters.`,
	headerTooLong: (name: string, most: number) =>
		`The header ${name} is longer than ${most} characters.`,
	headersTooLong: (most: number) => `The headers are longer than ${most} characters in total.`,
	methodUnknown: (method: string) => `Signalbox does not answer ${method}.`,
	internal: 'The Worker failed to answer. The log has the cause.',
	documentTitle: (title: string) => `${title} · Signalbox`,
	/** `{roles}`, `{example}` and `{start}` are marked up as code. */
	howToOpen:
		'Signalbox stays closed until sign-in is configured. Protect this Worker with Cloudflare Access and assign roles in the {roles} variable, for example {example}. On your own machine, {start} needs no sign-in.'
};

export const signInText = translated({ en });
