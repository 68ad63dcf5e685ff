// The way from the Operations agent to any Agent: by its path, which is its address.
import { camelCaseToKebabCase, getAgentByName } from 'agents';
import { ProblemError, valueOf, type Answer } from '../../protocol';
import { classNamed, hopsOf } from './agent-address';
import type { AgentAnswers, AgentCall } from './agent-rpc';
import type { MonitoredAgent } from '../monitored-types';

function isNamespace(value: unknown): value is DurableObjectNamespace {
	return typeof value === 'object' && value !== null && 'idFromName' in value;
}

/** Calls Agents. `own` is asked instead of the network when the path is the caller's own. */
export class AgentCalls {
	readonly #env: object;
	readonly #own: { path: () => string; agent: MonitoredAgent };

	constructor(env: object, own: { path: () => string; agent: MonitoredAgent }) {
		this.#env = env;
		this.#own = own;
	}

	/** @throws ProblemError what the Agent answered, `unknown-agent`, `unavailable` */
	async call<T extends AgentCall['type']>(
		path: string,
		call: Extract<AgentCall, { type: T }>
	): Promise<AgentAnswers[T]> {
		const cut = path.indexOf('/sub/');
		const root = cut < 0 ? path : path.slice(0, cut);
		const below = cut < 0 ? '' : path.slice(cut + '/sub/'.length);
		const stub = root === this.#own.path() ? null : await this.#stub(root);
		let answered: Answer<AgentAnswers[T]>;
		try {
			answered = await (stub ?? this.#own.agent).operate<T>(below, call);
		} catch (error) {
			if (error instanceof ProblemError) throw error;
			const detail = error instanceof Error ? error.message : String(error);
			throw new ProblemError('unavailable', `${path} did not answer: ${detail}`);
		} finally {
			dispose(stub);
		}
		if (stub) dispose(answered);
		return valueOf(answered);
	}

	async #stub(root: string): Promise<MonitoredAgent> {
		const [hop] = hopsOf(root);
		const bindings = Object.entries(this.#env).filter(([, value]) => isNamespace(value));
		const binding =
			hop &&
			classNamed(
				hop.kebab,
				bindings.map(([name]) => name)
			);
		const namespace: unknown = binding && Reflect.get(this.#env, binding);
		if (!hop || !isNamespace(namespace)) {
			const known = bindings.map(([name]) => camelCaseToKebabCase(name)).join(', ');
			throw new ProblemError(
				'unknown-agent',
				`No Agent class is called ${hop?.kebab}; known: ${known}.`
			);
		}
		// Every Agent class of ours is monitored; another one's answer fails with what it lacks.
		const stub: unknown = await getAgentByName(namespace as never, hop.name);
		return stub as MonitoredAgent;
	}
}

/** What came over RPC holds on to the other side until it is disposed of. */
function dispose(remote: unknown): void {
	const end: unknown = Object(remote)[Symbol.dispose];
	if (typeof end === 'function') end.call(remote);
}
