import { translated } from '../locale';

const en = {
	tooMany: (limit: number) => `There can be at most ${limit} webhooks.`,
	unknown: (id: string) => `Webhook ${id} was not found.`,

	invalidLink: 'The link is invalid: Signalbox did not create it.',
	linkExpired: (at: string) => `The link expired at ${at}.`,
	linkUsed: (by: string, at: string) => `${by} already used the link at ${at}.`,

	/** A line of a Slack message: what happened, to which run, and who asked. */
	slackLine: (what: string, run: string, requestedBy: string | null) =>
		requestedBy === null ? `${what} · ${run}` : `${what} · ${run} · requested by ${requestedBy}`,
	openRequest: 'Open the request',
	requested: 'Waiting for a decision',
	escalated: 'Escalated: more people can decide now',
	expiring: (at: string) => `Expires at ${at}`,
	expiringThen: (at: string, then: string) => `Expires at ${at}, then: ${then}`,
	decided: (status: string, by: string | null, reason: string | null) =>
		`${status}${by === null ? '' : ` by ${by}`}${reason === null ? '' : `: ${reason}`}`,
	expired: (status: string) => `Nobody decided in time: ${status}`
};

export const webhooksText = translated({ en });
