import { translated } from '../locale';
import { plural } from '../plural';

const en = {
	title: 'Fleet',
	search: 'Find Agents',
	searchHint: 'Part of a path, such as store-agent or berlin.',
	agents: 'Agents',
	loading: 'Loading Agents',
	emptyTitle: 'No Agents yet',
	emptyDetail: 'An Agent appears here when it starts its first run.',
	noMatchTitle: 'No matching Agents',
	noMatchDetail: (query: string) => `No Agent has “${query}” in its path.`,
	more: (agents: number) =>
		plural(agents, {
			one: '# more Agent. Refine the search to see it.',
			other: '# more Agents. Refine the search to see them.'
		}),

	breadcrumb: 'Breadcrumb',
	loadingAgent: 'Loading Agent',
	notFoundTitle: 'Agent not found',
	/** `{path}` is the Agent's path. */
	notFoundDetail:
		'No Agent has reported a run from {path}. Check the path, or start a run on the Agent first.',
	allAgents: 'All Agents',
	runsByStatus: 'Runs by status',
	noRuns: 'No runs',
	newestRuns: 'Latest runs of this Agent and its sub-agents',

	agent: 'Agent',
	openAgent: 'Open Agent',
	listen: 'Listen',
	stopListening: 'Stop listening',
	listenHint:
		'Listen to see the state and the broadcasts that this Agent sends to its clients. Signalbox connects only while you listen.',
	state: 'State',
	noState: 'This Agent shares no state with clients.',
	connecting: 'Connecting to the Agent',
	broadcasts: 'Broadcasts'
};

export const fleetText = translated({ en });
