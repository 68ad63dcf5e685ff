import { LOCALE, translated } from '../locale';
import { formatNumber } from '../plural';

const list = new Intl.ListFormat(LOCALE);

const en = {
	needsRole: 'Webhooks require the admin role',
	loading: 'Loading webhooks',
	emptyTitle: 'No webhooks yet',
	emptyDetail:
		'Add a webhook to send approval events to a URL. Requests are signed, and failed deliveries are retried.',

	createTitle: 'Add a webhook',
	url: 'URL',
	workflow: 'Workflow',
	everyWorkflow: 'All workflows',
	format: 'Format',
	formats: { json: 'JSON, signed', slack: 'Slack-compatible' },
	events: 'Events',
	eventLabels: {
		requested: 'Approval requested',
		escalated: 'Escalated to more people',
		expiring: 'Deadline approaching',
		decided: 'Decided',
		expired: 'Expired without a decision'
	},
	secret: 'Signing secret, shown only once:',
	copySecret: 'Copy secret',
	add: 'Add webhook',

	title: 'Webhooks',
	refresh: 'Refresh',
	allEvents: 'all events',
	summary: (events: string, workflow: string | null, severities: readonly string[] | null) => {
		const all = workflow === null ? `${events} for all workflows` : `${events} for ${workflow}`;
		return severities === null ? all : `${all} with severity ${list.format(severities)}`;
	},
	eventList: (events: readonly string[]) => `${list.format(events)} events`,
	/** `{time}` is when the webhook was created. */
	createdBy: (name: string) => `created by ${name} {time}`,
	deliveries: (delivered: number, failed: number, sending: number) =>
		`${formatNumber(delivered)} delivered, ${formatNumber(failed)} failed, ${formatNumber(sending)} in progress`,
	lastError: 'Last error',
	delete: 'Delete',
	deleteTitle: 'Delete this webhook?',
	deleteDetail: (url: string) =>
		`Signalbox stops sending events to ${url}. Deliveries that are in progress continue.`,
	deleted: 'Webhook deleted'
};

export const adminWebhooksText = translated({ en });
