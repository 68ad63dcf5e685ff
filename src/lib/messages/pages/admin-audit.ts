import { translated } from '../locale';
import { plural } from '../plural';

const en = {
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
