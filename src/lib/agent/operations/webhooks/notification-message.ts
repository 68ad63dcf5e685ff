// What a webhook is told, and when: pure.
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

/** Facts longer than this are not sent along, bytes. */
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
	const what = `${WORDS[event](approval)} · ${escaped(workflow)} ${escaped(runId)}`;
	const who = requestedBy === null ? '' : ` · asked by ${escaped(requestedBy)}`;
	const text = [head, `${what}${who}`, link ? `<${link}|Open the request>` : null]
		.filter((line) => line !== null)
		.join('\n');
	return { text, blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }] };
}

const WORDS: Record<WebhookEvent, (approval: Approval) => string> = {
	requested: () => 'waits for a decision',
	escalated: () => 'still waits: more people may decide it now',
	expiring: ({ expiresAt, onTimeout }) =>
		`ends at ${new Date(expiresAt ?? 0).toISOString()}${onTimeout ? `, then: ${onTimeout}` : ''}`,
	decided: (approval) => {
		const last = standingDecisions(approval).at(-1);
		const by = last && last.by !== DEADLINE_PERSON ? ` by ${escaped(last.by)}` : '';
		const reason = last?.reason ? `: ${escaped(last.reason)}` : '';
		return `${approval.status}${by}${reason}`;
	},
	expired: ({ status }) => `nobody decided in time: ${status}`
};

/** What Slack reads as marks of its own. */
function escaped(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
