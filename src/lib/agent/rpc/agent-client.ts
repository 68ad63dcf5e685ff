import { camelCaseToKebabCase, getAgentByName } from 'agents';
import { ProblemError, unwrapAnswer, type Answer, type Problem, type RunRef } from '../../protocol';
import { agentErrorText } from '../../messages/server/agent-errors';
import { agentRefOf, classNamed, hopsOf, type AgentHop } from './agent-address';
import type { AgentAnswers, AgentCall, AgentCallOf } from './agent-rpc';
import type { MonitoredAgent } from '../monitored-types';
import type { LostRuns } from '../operations/lost-runs';

function isNamespace(value: unknown): value is DurableObjectNamespace {
	return typeof value === 'object' && value !== null && 'idFromName' in value;
}

/** The Agent that calls. */
type OwnAgent = Pick<MonitoredAgent, 'operate'> & { readonly selfPath: readonly AgentHop[] };

/** Masks values that nobody may see. */
type AnswerRedaction = {
	maskAnswer<T extends AgentCall['type']>(type: T, answered: AgentAnswers[T]): AgentAnswers[T];
	maskProblem(problem: Problem): Problem;
	maskText(text: string): string;
};

/** What happens to every answer. */
export type AnswerFollowers = {
	redaction: AnswerRedaction;
	lostRuns: Pick<LostRuns, 'recordProblem'>;
};

/** Calls Agents by their paths. Calls to the caller's own path go to `own` directly. */
export class AgentRpc {
	readonly #env: object;
	readonly #own: OwnAgent;
	readonly #followers: AnswerFollowers;

	/** @param followers mask what Agents answer, and are told when one no longer has a run */
	constructor(env: object, own: OwnAgent, followers: AnswerFollowers) {
		this.#env = env;
		this.#own = own;
		this.#followers = followers;
	}

	/** The caller's own path, which is known once it has started. */
	get ownPath(): string {
		return agentRefOf(this.#own.selfPath).path;
	}

	/** @throws ProblemError the problem that the Agent answered with, `unknown-agent`, `unavailable` */
	async callAgent<T extends AgentCall['type']>(
		path: string,
		call: AgentCallOf<T>
	): Promise<AgentAnswers[T]> {
		const cut = path.indexOf('/sub/');
		const root = cut < 0 ? path : path.slice(0, cut);
		const below = cut < 0 ? '' : path.slice(cut + '/sub/'.length);
		const stub = root === this.ownPath ? null : await this.#stub(root);
		let answered: Answer<AgentAnswers[T]>;
		try {
			answered = await (stub ?? this.#own).operate<T>(below, call);
		} catch (error) {
			if (error instanceof ProblemError) throw error;
			const message = error instanceof Error ? error.message : String(error);
			throw new ProblemError(
				'unavailable',
				agentErrorText.agentUnavailable(path, this.#followers.redaction.maskText(message))
			);
		} finally {
			dispose(stub);
		}
		if (stub) dispose(answered);
		const { redaction, lostRuns } = this.#followers;
		if (answered.ok) return redaction.maskAnswer(call.type, answered.value);
		lostRuns.recordProblem(path, 'ref' in call ? call.ref : null, answered.problem);
		return unwrapAnswer({ ok: false, problem: redaction.maskProblem(answered.problem) });
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
			const known = bindings.map(([name]) => camelCaseToKebabCase(name));
			const detail = agentErrorText.unknownAgentClass(hop?.kebab ?? root, known);
			throw new ProblemError('unknown-agent', detail);
		}
		// A class that is not monitored rejects the call.
		const stub: unknown = await getAgentByName(namespace as never, hop.name);
		return stub as MonitoredAgent;
	}
}

/** Has an Agent delete its records of ended runs. One that was deleted has none. */
export async function forgetRuns(agents: AgentRpc, path: string, refs: RunRef[]): Promise<void> {
	try {
		await agents.callAgent<'forget'>(path, { type: 'forget', refs });
	} catch (error) {
		if (!(error instanceof ProblemError) || error.problem['deleted'] !== true) throw error;
	}
}

/** Stubs and answers keep resources on the other side until they are disposed. */
function dispose(remote: unknown): void {
	const end: unknown = Object(remote)[Symbol.dispose];
	if (typeof end === 'function') end.call(remote);
}
