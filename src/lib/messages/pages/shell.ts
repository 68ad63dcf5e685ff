import { translated } from '../locale';
import { plural } from '../plural';

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
	connectionLost:
		'Connection lost. This page shows data as of {time}, and nothing can be changed until it is back.',
	notLoadedTitle: 'No connection',
	notLoadedDetail: 'This page has not been loaded yet. It opens as soon as the server answers.',
	reconnect: 'Reconnect',
	outdated: 'Signalbox was updated. Reload the page to use the new version.',
	unreadable: 'Some of what the server sent could not be read. Reload the page.',
	reload: 'Reload',

	connection: 'Connection:',
	connectionStatus: (status: string) => `Connection: ${status}`,
	connecting: 'Connecting',
	connectingDetail: 'Connecting to the server.',
	live: 'Live',
	liveDetail: 'Everything on this page is up to date.',
	reconnecting: 'Reconnecting',
	reconnectingDetail: (heard: string) =>
		`The server last answered at ${heard}. This page may be out of date.`,
	stale: (heard: string) => `Stale since ${heard}`,
	staleDetail: (heard: string) =>
		`The server last answered at ${heard}, and this page shows data from then. Select to reconnect.`,
	refused: 'Refused',
	refusedDetail: (reason: string | null) =>
		`${reason ?? 'The server closed the connection.'} Select to try again.`,

	account: 'Account',
	everyRole: 'every role',
	noRole: 'no role',
	accountName: (name: string, roles: string) => `${name}: ${roles}`,
	accountSummary: (name: string, roles: string) => `${name} · ${roles}`,
	switchUser: 'Switch user',
	switchUserHeading: 'Switch user (local server only)',
	switchUserDetail:
		'Try out what each role can see and do. Only a local server accepts this sign-in.',
	otherUser: 'Another user…',
	userName: 'Name',
	roles: 'Roles',

	theme: 'Theme',
	themes: { system: 'System', light: 'Light', dark: 'Dark' },

	alertBody: (workflow: string, requestedBy: string | null) =>
		requestedBy === null ? workflow : `${workflow}, requested by ${requestedBy}`,
	soundFailed: 'The alert sound could not be played:',

	notFoundTitle: 'Page not found',
	notFoundDetail: (path: string) => `There is no page at ${path}.`,
	errorTitle: 'Something went wrong'
};

export const shellText = translated({ en });
