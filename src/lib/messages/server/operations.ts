import { translated } from '../locale';

const en = {
	summary: {
		'workflows.list': 'List the workflows that can be started',
		'runs.list': 'List runs',
		'runs.suggest': 'Suggest values to complete a query',
		'runs.export': 'Export all matching runs as CSV or as one JSON document per line',
		'run.get': 'Get a run',
		'run.events': 'Get the history of a run; live with `Accept: text/event-stream`',
		'run.around': 'Get the usual duration of the workflow and similar runs',
		'run.audit': 'List the audit entries of a run, newest first, at most 200',
		'run.start': 'Start a run',
		'run.adopt': 'Start watching a run that was created outside its Agent',
		'run.pause': 'Pause a run',
		'run.resume': 'Resume a run',
		'run.terminate': 'Terminate a run, at once or after `undoMs`',
		'run.restart': 'Restart a run from the beginning or `from` a step, at once or after `undoMs`',
		'run.undo': 'Cancel a terminate or a restart before it is carried out',
		'run.send-event': 'Send an event to a waiting run',
		'run.pin': 'Pin or unpin a run; a pinned run is not deleted',
		'run.delete': 'Delete the record of a finished run',
		'agents.list': 'List the Agents that have reported, with their runs by status',
		'approvals.list': 'List approvals; pending ones by deadline, then oldest first',
		'approvals.figures': 'Get decision times by workflow and by approver',
		'approvals.decide-many': 'Decide several approvals, one after the other',
		'approval.get': 'Get an approval',
		'approval.decide': 'Approve or reject',
		'approval.undo': 'Take back your own decision before it is delivered',
		'approval.deliver-now': 'Deliver a decision before its undo time has passed',
		'approval.claim': 'Claim an approval',
		'approval.release': 'Release a claimed approval',
		'approval.hand-over': 'Assign an approval to somebody else',
		'approval.open-link': 'Open a one-time link to an approval',
		'webhooks.list': 'List webhooks, without their secrets',
		'webhook.create': 'Create a webhook; the answer is the only one that holds its secret',
		'webhook.delete': 'Delete a webhook and its queued notifications',
		'purge.preview': 'Count the finished runs that a purge would delete',
		'purge.start':
			'Delete the records of finished runs: those that a preview lists, or those that match now',
		'purges.list': 'List purges, newest first',
		'purge.get': 'Get a purge, or a preview that can be started',
		'purge.export':
			'Export what a preview lists, one JSON document per line; with `history=true` whole',
		'purge.pause': 'Pause a purge; what is in hand is finished',
		'purge.resume': 'Resume a paused purge',
		'purge.abort': 'Stop a purge before its next runs',
		'policies.list': 'List retention policies, with their last results',
		'policy.preview': 'Dry-run a retention policy: what it would delete today',
		'policy.save': 'Create or replace a retention policy',
		'policy.delete': 'Delete a retention policy; what it has deleted stays deleted',
		'policy.run': 'Carry out a retention policy now',
		'tombstones.list': 'List deleted runs: who deleted each, when and by which policy',
		'bulk.preview': 'Count the runs that a bulk action would change',
		'bulk.start': 'Start a bulk action',
		'bulk.get': 'Get a bulk action with a page of its runs and their results',
		'bulk.abort': 'Stop a bulk action before its next run',
		'bulk.retry': 'Start a new bulk action for the runs that failed or were not reached',
		'audit.list': 'List audit entries, newest first',
		'audit.export': 'Export all matching audit entries as CSV or as one JSON document per line',
		'audit.verify': 'Verify the hash chain of the audit log',
		'views.list': 'List the saved views that you can see, with their counts',
		'view.save': 'Create or replace a saved view; sharing one needs operator or admin',
		'view.delete': 'Delete a saved view',
		'view.pin': 'Pin or unpin a saved view',
		'fleet.reindex': 'Ask every known Agent to report all its runs again',
		'bindings.list': 'List workflow names in use, those without a binding first, and migrations',
		'binding.preview': 'Count what would move to another binding’s name',
		'binding.migrate': 'Move the runs of a binding that was renamed to its present name',
		'doctor.check':
			'Look for lost runs, silent Agents, lagging outboxes, missing bindings and records set aside',
		'doctor.fix': 'Carry out the fix of a finding'
	},
	/** Routes that the server answers by itself. */
	server: {
		health: 'Health check: version and uptime; needs no sign-in',
		me: 'Get your own name, email, roles and groups'
	},
	/** Why an operation has no HTTP route. */
	pageOnly: 'Completes what is being typed in the search box; only the page needs it.',
	/** What an answer of each status holds. */
	answer: {
		200: 'The result',
		201: 'Created',
		202: 'Accepted; the run carries it out',
		204: 'Deleted',
		303: 'Redirect to the page',
		problem: 'The problem, with each invalid field'
	},
	idempotencyKey:
		'Makes the request safe to repeat: within 24 hours, a request with the same key gets the first answer and is not carried out again. The same key with another body is refused with 422.',
	needsRole: (roles: readonly string[]) =>
		roles.length === 1
			? `Needs the role ${roles.join()}.`
			: `Needs one of the roles ${roles.join(', ')}.`,
	apiDescription:
		'Runs, approvals and purges of workflows on Cloudflare Agents. Times are milliseconds since the epoch.'
};

export const operationsText = translated({ en });
