import type { AgentCounts, Change, View } from '../../../protocol';
import type { ChangeSet } from '../change-set';
import type { Subscription } from './subscription';
import type { SubscriptionSources } from './subscription-sources';

/** Agents with their runs by status: whole first, then those whose counts changed. */
export class AgentsSubscription implements Subscription {
	readonly run = null;
	readonly #view: Extract<View, { kind: 'agents' }>;
	readonly #sources: SubscriptionSources;
	#sent = new Map<string, string>();

	constructor(view: Extract<View, { kind: 'agents' }>, sources: SubscriptionSources) {
		this.#view = view;
		this.#sources = sources;
	}

	changeAfter(changes: ChangeSet | 'all'): Change | null {
		if (changes !== 'all' && changes.runs.size === 0) return null;
		const { agents, total } = this.#sources.fleet.agents(this.#view.query);
		const before = this.#sent;
		this.#sent = new Map(agents.map((agent) => [agent.path, JSON.stringify(agent.runs)]));
		const isOther = ({ path }: AgentCounts) => before.get(path) !== this.#sent.get(path);
		const isWhole = changes === 'all' || agents.some(({ path }) => !before.has(path));
		if (isWhole || before.size !== agents.length) return { kind: 'agents', agents, total };
		const changed = agents.filter(isOther);
		return changed.length > 0 ? { kind: 'agents-changed', agents: changed } : null;
	}
}
