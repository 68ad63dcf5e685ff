import { translated } from '../locale';

const en = {
	savedViews: 'Saved views',
	views: 'Views',
	allRuns: 'All runs',
	changed: 'edited',
	sharedBy: (owner: string) => `Shared by ${owner}`,
	ownedBy: (owner: string) => `Owned by ${owner}`,
	yours: 'Your views',
	shared: 'Shared views',
	builtIn: 'Built-in views',
	builtInReason: 'Built-in views cannot be changed',
	otherOwnerReason: (owner: string) => `Only ${owner} and admins can change this view`,

	reset: 'Reset',
	save: 'Save',
	saveAs: 'Save as…',
	saveView: 'Save view…',
	pin: 'Pin',
	unpin: 'Unpin',
	edit: 'Edit…',
	delete: 'Delete…',
	saved: (name: string) => `Saved “${name}”`,
	deleted: (name: string) => `Deleted “${name}”`,

	newTitle: 'Save view',
	editTitle: 'Edit view',
	name: 'Name',
	shareWithEveryone: 'Share with everyone',
	sharingNeeds: (roles: readonly string[]) => `requires the role ${roles.join(' or ')}`,
	showCount: 'Show the count in the navigation while pinned',
	cancel: 'Cancel',
	deleteTitle: (name: string) => `Delete “${name}”?`,
	deleteShared: 'The view is deleted for everyone. Runs are not affected.',
	deleteOwn: 'Runs are not affected.',
	confirmDelete: 'Delete'
};

export const savedViewsText = translated({ en });
