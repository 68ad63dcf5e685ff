import type { AgentCounts, Change, View } from '../../../protocol';
import type { Touched } from './changes';
import type { Watch, WatchHost } from './watch-contract';

/** Agents with their runs by status: whole first, then those whose counts changed. */
export class AgentsWatch implements Watch {
	readonly run = null;
	readonly #view: Extract<View, { kind: 'agents' }>;
	readonly #host: WatchHost;
	#sent = new Map<string, string>();

	constructor(view: Extract<View, { kind: 'agents' }>, host: WatchHost) {
		this.#view = view;
		this.#host = host;
	}

	next(touched: Touched | 'all'): Change | null {
		if (touched !== 'all' && touched.runs.size === 0) return null;
		const { agents, total } = this.#host.fleet.agents(this.#view.query);
		const before = this.#sent;
		this.#sent = new Map(agents.map((agent) => [agent.path, JSON.stringify(agent.runs)]));
		const isOther = ({ path }: AgentCounts) => before.get(path) !== this.#sent.get(path);
		const isAfresh = touched === 'all' || agents.some(({ path }) => !before.has(path));
		if (isAfresh || before.size !== agents.length) return { kind: 'agents', agents, total };
		const changed = agents.filter(isOther);
		return changed.length > 0 ? { kind: 'agents-changed', agents: changed } : null;
	}
}
