import { getAgentByName } from 'agents';
import type { Answer, Identity, RequestInput } from '../../protocol';
import type { Acknowledgement, Report } from './agent-rpc';

/** The methods of the Operations agent that other Agents call. */
export interface Operations {
	/** Stores a report; the Agent may forget it when this resolves. */
	intake(report: Report): Promise<Acknowledgement>;
	/** Answers a request on behalf of an identity. */
	handle(by: Identity, request: RequestInput): Promise<Answer<unknown>>;
}

/** Calls the Operations agent of the workspace over Durable Object RPC. */
export class OperationsClient implements Operations {
	readonly #env: object;

	constructor(env: object) {
		this.#env = env;
	}

	async intake(report: Report): Promise<Acknowledgement> {
		return (await this.#stub()).intake(report);
	}

	async handle(by: Identity, request: RequestInput): Promise<Answer<unknown>> {
		return (await this.#stub()).handle(by, request);
	}

	async #stub(): Promise<Operations> {
		const workspace: unknown = Reflect.get(this.#env, 'WORKSPACE');
		const name = typeof workspace === 'string' && workspace ? workspace : 'main';
		// Every Signalbox has this binding; the types of RPC do not survive `unknown`.
		const binding = Reflect.get(this.#env, 'OperationsAgent') as never;
		return (await getAgentByName(binding, name)) as unknown as Operations;
	}
}
