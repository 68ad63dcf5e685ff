import type { Agent } from 'agents';
import { answer, ProblemError, type Answer } from '../../../protocol';
import type { MonitoredAgent } from '../../monitored-types';
import { classNamed, hopsOf } from '../../rpc/agent-address';
import type { AgentAnswers, AgentCall } from '../../rpc/agent-rpc';

/** Passes a call on to a sub-agent, by its path below this Agent: `aisle-agent/7`. */
export async function forward<T extends AgentCall['type']>(
	ctx: object,
	children: Agent['dynamicAgents'],
	at: string,
	call: Extract<AgentCall, { type: T }>
): Promise<Answer<AgentAnswers[T]>> {
	const [hop] = hopsOf(at);
	const exported = Object.keys(Reflect.get(ctx, 'exports') ?? {});
	const className = hop && classNamed(hop.kebab, exported);
	if (!hop || !className) {
		return answer(() => {
			throw new ProblemError('unknown-agent', `No exported Agent class is called ${hop?.kebab}.`);
		});
	}
	const rest = at.split('/sub/').slice(1).join('/sub/');
	// The SDK asks the class for nothing but its name.
	const named = { name: className } as Parameters<typeof children.get<Agent>>[0];
	const child: unknown = await children.get(named, hop.name);
	return (child as MonitoredAgent).operate<T>(rest, call); // exported and monitored, or it throws
}

/**
 * Asks every sub-agent, and those below it, to report everything: the Operations agent may have
 * lost that there are any. Answers with the number of their runs.
 */
export async function reportAllBelow(children: Agent['dynamicAgents']): Promise<number> {
	let runs = 0;
	for (const { className, name } of children.list()) {
		// The SDK asks the class for nothing but its name.
		const named = { name: className } as Parameters<typeof children.get<Agent>>[0];
		const child: unknown = await children.get(named, name);
		try {
			const call = { type: 'report-all' } as const;
			const answered = await (child as MonitoredAgent).operate<'report-all'>('', call); // or it throws
			if (answered.ok) runs += answered.value.runs;
		} catch {
			// Not a monitored one: it has nothing to report.
		}
	}
	return runs;
}
