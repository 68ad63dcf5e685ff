import type { Agent } from 'agents';
import { ProblemError, type Answer } from '../../protocol';
import { agentErrorText } from '../../messages/server/agent-errors';
import type { MonitoredAgent } from '../monitored-types';
import { classNamed, hopsOf } from './agent-address';
import type { AgentAnswers, AgentCall, AgentCallOf } from './agent-rpc';

/** Calls the sub-agents of an Agent. */
export class SubAgents {
	readonly #ctx: object;
	readonly #agent: Pick<Agent, 'dynamicAgents'>;

	constructor(ctx: object, agent: Pick<Agent, 'dynamicAgents'>) {
		this.#ctx = ctx;
		this.#agent = agent;
	}

	/** Passes a call on to a sub-agent, by its path below this Agent: `aisle-agent/7`. */
	async callSubAgent<T extends AgentCall['type']>(
		at: string,
		call: AgentCallOf<T>
	): Promise<Answer<AgentAnswers[T]>> {
		const [hop] = hopsOf(at);
		const exported = Object.keys(Reflect.get(this.#ctx, 'exports') ?? {});
		const className = hop && classNamed(hop.kebab, exported);
		if (!hop || !className) {
			const detail = agentErrorText.unknownExportedClass(hop?.kebab ?? at);
			return { ok: false, problem: new ProblemError('unknown-agent', detail).problem };
		}
		const isCreated = call.type === 'start' || call.type === 'adopt';
		if (!isCreated && !this.#agent.dynamicAgents.has(className, hop.name)) {
			// To get a deleted sub-agent would create it again, empty.
			const { problem } = new ProblemError('unknown-agent', agentErrorText.agentDeleted(at), {
				deleted: true
			});
			return { ok: false, problem };
		}
		const below = at.split('/sub/').slice(1).join('/sub/');
		return (await this.#subAgent(className, hop.name)).operate<T>(below, call);
	}

	/**
	 * Asks every sub-agent, and those below it, to report everything. The Operations agent may have
	 * lost that they exist. Returns the number of their runs.
	 */
	async reportEverythingBelow(): Promise<number> {
		let runs = 0;
		for (const { className, name } of this.#agent.dynamicAgents.list()) {
			const child = await this.#subAgent(className, name);
			try {
				const answered = await child.operate<'report-all'>('', { type: 'report-all' });
				if (answered.ok) runs += answered.value.runs;
			} catch {
				// This sub-agent is not monitored: it has nothing to report.
			}
		}
		return runs;
	}

	async #subAgent(className: string, name: string): Promise<MonitoredAgent> {
		const { dynamicAgents } = this.#agent;
		// The SDK reads nothing of the class but its name.
		const named = { name: className } as Parameters<typeof dynamicAgents.get<Agent>>[0];
		const child: unknown = await dynamicAgents.get(named, name);
		return child as MonitoredAgent; // a class that is not monitored rejects the call
	}
}
