import type { AgentPage, AgentsQuery, Change } from '$lib/protocol';
import type { Connection } from '../socket/connection.svelte';
import { LiveView } from './live-view.svelte';

/** The Agents of the fleet with their runs by status, live. */
export class LiveAgents extends LiveView<AgentPage> {
	constructor(connection: Connection, query: () => Partial<AgentsQuery>) {
		super(connection, () => ({ kind: 'agents', query: query() }), applyToAgents);
	}
}

function applyToAgents(before: AgentPage | undefined, change: Change): AgentPage | undefined {
	if (change.kind === 'agents') return { agents: change.agents, total: change.total };
	if (change.kind !== 'agents-changed' || !before) return before;
	const changed = new Map(change.agents.map((agent) => [agent.path, agent]));
	return { ...before, agents: before.agents.map((agent) => changed.get(agent.path) ?? agent) };
}
