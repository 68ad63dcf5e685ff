import { problemTitles } from '../server/problem-titles';
import { translated } from '../locale';
import { plural } from '../plural';

/** What somebody did or tried to do, by the names of requests and of what Agents note. */
const actions: Readonly<Record<string, string>> = {
	'run.start': 'Start run',
	'run.adopt': 'Adopt run',
	'run.pause': 'Pause run',
	'run.resume': 'Resume run',
	'run.terminate': 'Terminate run',
	'run.restart': 'Restart run',
	'run.undo': 'Undo pending action',
	'run.send-event': 'Send event',
	'run.pin': 'Pin or unpin run',
	'run.delete': 'Delete run',
	'run.terminate-dropped': 'Drop pending terminate',
	'run.restart-dropped': 'Drop pending restart',
	'approvals.decide-many': 'Decide several approvals',
	'approval.decide': 'Decide approval',
	'approval.undo': 'Take back decision',
	'approval.deliver-now': 'Deliver decision now',
	'approval.claim': 'Claim approval',
	'approval.release': 'Release approval',
	'approval.hand-over': 'Assign approval',
	'approval.open-link': 'Open approval link',
	'approval.early-replaced': 'Replace early decision',
	'approval.early-refused': 'Refuse early decision',
	'webhook.create': 'Create webhook',
	'webhook.delete': 'Delete webhook',
	'purge.start': 'Purge runs',
	'purge.pause': 'Pause purge',
	'purge.resume': 'Resume purge',
	'purge.abort': 'Abort purge',
	'policy.save': 'Save retention policy',
	'policy.delete': 'Delete retention policy',
	'policy.run': 'Run retention policy',
	'purge.ended': 'Purge ended',
	'bulk.start': 'Start bulk action',
	'bulk.abort': 'Abort bulk action',
	'bulk.retry': 'Retry bulk action',
	'view.save': 'Save view',
	'view.delete': 'Delete view',
	'view.pin': 'Pin view',
	'fleet.reindex': 'Rebuild index',
	'agent.set-state': 'Write Agent state',
	'agent.deleted': 'Delete Agent',
	'binding.migrate': 'Rename workflow binding',
	'record.set-aside': 'Set record aside',
	'sdk.mend': 'Correct SDK record'
};

const results: Readonly<Record<string, string>> = {
	done: 'Done',
	held: 'Can be undone',
	pending: 'In progress',
	interrupted: 'Interrupted',
	failed: 'Failed'
};

/** The text under a key; one that is not known is written as words. */
function inWords(texts: Readonly<Record<string, string>>, key: string): string {
	const words = key.replaceAll(/[.-]/g, ' ');
	return (
		(Object.hasOwn(texts, key) ? texts[key] : undefined) ??
		words.slice(0, 1).toUpperCase() + words.slice(1)
	);
}

const en = {
	actionLabel: (action: string) => inWords(actions, action),
	/** A change that was refused has the title of its problem. */
	resultLabel: (result: string) =>
		inWords(Object.hasOwn(results, result) ? results : problemTitles, result),
	result: 'Result',
	allResults: 'All results',
	search: 'Search the audit log',
	searchPlaceholder: 'Words, by:ana or target:REFUND/run-1',
	from: 'From',
	to: 'To',
	unknownKey: (key: string, keys: readonly string[]) =>
		`“${key}:” is not a filter. Use ${keys.map((each) => `${each}:`).join(', ')}, or put the text in quotes.`,
	exportAs: (format: string) => `Export ${format}`,
	noMatches: 'No matching entries',
	noMatchesDetail: 'Change the search or the filters.',
	becomes: 'becomes',
	title: 'Audit log',
	action: 'Action',
	allActions: 'All actions',
	needsRole: 'The audit log requires the admin role',
	needsRoleDetail: 'Every change, who made it and when.',
	loadingIdentity: 'Loading your account',
	loading: 'Loading the audit log',
	emptyTitle: 'No entries yet',
	emptyDetail: 'Every change appears here, including refused attempts.',
	showingLast: (entries: number) =>
		plural(entries, { one: 'Showing the latest entry', other: 'Showing the latest # entries' }),
	older: 'Older entries',
	more: 'More',
	less: 'Less',
	moreAbout: (action: string) => `about ${action}`,
	detailOf: (action: string) => `Details of ${action}`,

	verify: 'Verify integrity',
	verified: 'The audit log is intact',
	verifiedDetail: (entries: number) =>
		plural(entries, { one: '# entry verified', other: '# entries verified' }),
	unchained: (entries: number) =>
		plural(entries, {
			one: '# older entry has no hash and cannot be verified',
			other: '# older entries have no hash and cannot be verified'
		}),
	broken: 'The audit log was changed outside Signalbox',
	brokenDetail: (entry: number) => `Entry ${entry} is the first one that does not match its hash.`
};

export const adminAuditText = translated({ en });
