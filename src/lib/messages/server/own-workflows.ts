// Titles and descriptions of the workflows that Signalbox runs itself, and how they fail.
import { translated } from '../locale';

const en = {
	purge: {
		title: 'Purge runs',
		description: 'Deletes the records of matching ended runs, in batches.'
	},
	notify: {
		title: 'Send a notification',
		description: 'Sends one notification about an approval to one webhook, with retries.'
	},
	bulk: {
		title: 'Act on runs',
		description: 'Pauses, resumes, terminates, restarts, deletes or sends an event to many runs.'
	},
	redirected: (status: number) =>
		`The webhook responded with ${status}. Redirects are not followed.`,
	gone: 'The webhook responded with 410 Gone and wants no more notifications.',
	failed: (status: number) => `The webhook responded with ${status}.`
};

export const ownWorkflowsText = translated({ en });
