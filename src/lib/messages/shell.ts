import { translated } from './locale';
import { plural } from './plural';

const en = {
	product: 'Signalbox',
	documentTitle: (title: string) => `${title} · Signalbox`,
	skipToContent: 'Skip to content',
	navigation: 'Pages',
	overview: 'Overview',
	runs: 'Runs',
	approvals: 'Approvals',
	workflows: 'Workflows',
	fleet: 'Fleet',
	admin: 'Admin',
	pendingApprovals: (approvals: number) => plural(approvals, { other: '# pending' }),

	switchedTo: (name: string) => `Signed in as ${name}`,
	noRoleTitle: 'No role',
	noRoleHeading: 'You have no role yet',
	noRoleDetail: (name: string) =>
		`${name} has no access to this Signalbox. Ask its administrator to give you a role.`,

	connectionClosed: (reason: string) => `The server closed the connection: ${reason}`,
	/** `{time}` is when the server last answered. */
	connectionLost: 'Connection lost. This page shows data as of {time}.',
	reconnect: 'Reconnect',

	alertBody: (workflow: string, requestedBy: string | null) =>
		requestedBy === null ? workflow : `${workflow}, requested by ${requestedBy}`,
	soundFailed: 'The alert sound could not be played:',

	notFoundTitle: 'Page not found',
	notFoundDetail: (path: string) => `There is no page at ${path}.`,
	errorTitle: 'Something went wrong'
};

export const shellText = translated({ en });
