import { translated } from './locale';
import { plural } from './plural';

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
	detailOf: (action: string) => `Details of ${action}`
};

export const adminAuditText = translated({ en });
