// What webhooks are notified of, and the body of each notification.
import { webhooksText } from '../../../messages/server/webhooks';
import {
	capJson,
	DEADLINE_PERSON,
	isHeld,
	standingDecisions,
	type Approval,
	type Json,
	type Severity,
	type WebhookEvent
} from '../../../protocol';

/** Longer facts are not sent, bytes. */
const FACTS_BYTES = 8_192;

/** What happened to an approval between two of its versions; null stands for not known yet. */
export function eventsBetween(before: Approval | null, after: Approval): WebhookEvent[] {
	const events: WebhookEvent[] = [];
	const isPending = after.status === 'pending';
	if (before === null && isPending) events.push('requested');
	if (after.escalatedAt !== null && before?.escalatedAt == null) events.push('escalated');
	if (isPending && after.warnedAt !== null && before?.warnedAt == null) events.push('expiring');
	const end = endOf(after);
	if (end && (before === null || endOf(before) === null)) events.push(end);
	return events;
}

/** How it ended, once that cannot be undone any more. */
function endOf(approval: Approval): 'decided' | 'expired' | null {
	if (approval.status === 'expired') return 'expired';
	if (isHeld(approval) || !['approved', 'rejected'].includes(approval.status)) return null;
	return standingDecisions(approval).at(-1)?.from?.via === 'deadline' ? 'expired' : 'decided';
}

/** When an event happened, Ms. */
export function happenedAt(event: WebhookEvent, approval: Approval): number {
	const { requestedAt, escalatedAt, warnedAt, decidedAt } = approval;
	const at = { requested: requestedAt, escalated: escalatedAt, expiring: warnedAt };
	return (event === 'decided' || event === 'expired' ? decidedAt : at[event]) ?? requestedAt;
}

/** The body of a notification, as text. */
export function bodyOf(
	format: 'json' | 'slack',
	event: WebhookEvent,
	approval: Approval,
	link: string | null
): string {
	return JSON.stringify(
		format === 'json' ? plainBody(event, approval, link) : slackBody(event, approval, link)
	);
}

function plainBody(event: WebhookEvent, approval: Approval, link: string | null): Json {
	const { id, workflow, runId, step, title, description, status, severity } = approval;
	const { requestedBy, requestedAt, expiresAt, approvers, quorum } = approval;
	return {
		event,
		at: happenedAt(event, approval),
		approval: {
			...{ id, workflow, runId, step, title, description, status, severity },
			...{ requestedBy, requestedAt, expiresAt, approvers, quorum },
			facts: capJson(approval.facts, FACTS_BYTES),
			decisions: standingDecisions(approval).map(({ by, at, approved, reason }) => ({
				...{ by, at, approved, reason }
			}))
		},
		link
	};
}

const SIGNS: Record<Severity, string> = {
	low: ':white_circle:',
	normal: ':large_blue_circle:',
	high: ':large_orange_circle:',
	critical: ':red_circle:'
};

function slackBody(event: WebhookEvent, approval: Approval, link: string | null): Json {
	const { title, workflow, runId, severity, requestedBy } = approval;
	const head = `${SIGNS[severity]} *${escaped(title)}*`;
	const run = escaped(`${workflow} ${runId}`);
	const asker = requestedBy === null ? null : escaped(requestedBy);
	const line = webhooksText.slackLine(WORDS[event](approval), run, asker);
	const text = [head, line, link ? `<${link}|${webhooksText.openRequest}>` : null]
		.filter((line) => line !== null)
		.join('\n');
	return { text, blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }] };
}

const WORDS: Record<WebhookEvent, (approval: Approval) => string> = {
	requested: () => webhooksText.requested,
	escalated: () => webhooksText.escalated,
	expiring: ({ expiresAt, onTimeout }) => {
		const at = new Date(expiresAt ?? 0).toISOString();
		return onTimeout ? webhooksText.expiringThen(at, onTimeout) : webhooksText.expiring(at);
	},
	decided: (approval) => {
		const last = standingDecisions(approval).at(-1);
		const by = last && last.by !== DEADLINE_PERSON ? escaped(last.by) : null;
		return webhooksText.decided(approval.status, by, last?.reason ? escaped(last.reason) : null);
	},
	expired: ({ status }) => webhooksText.expired(status)
};

/** Escapes what Slack reads as markup. */
function escaped(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
