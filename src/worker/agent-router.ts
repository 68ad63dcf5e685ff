// Lets requests for /agents/… through to Durable Objects, by the policy table.
import { OperationsAgent } from '../lib/agent';
import { agentAccessText } from '../lib/messages/server/agent-access';
import { personAnywhere, personAt, problem, type Identity, type Problem } from '../lib/protocol';
import { accessOf, notThere, refusedAccess, type AgentTarget } from './agent-policy';
import { agentPolicies } from './agents';
import { isUpgrade } from './request-checks';

/** Answers a request for an Agent; a problem when it is not there, or not for this person. */
export async function answerAgentRequest(
	request: Request,
	env: Env,
	by: Identity
): Promise<Response | Problem> {
	const url = new URL(request.url);
	const target = agentPolicies.find(url.pathname);
	if (!target) return notThere(url.pathname.slice('/agents/'.length));
	const access = accessOf(target, { method: request.method, isUpgrade: isUpgrade(request) });
	if (typeof access !== 'string') return access;
	const here = personHere(target, by);
	// The Agent would record what it refuses, but it is not asked.
	const recorded = (why: Problem) =>
		isUpgrade(request) || access === 'read'
			? why
			: env.OperationsAgent.getByName(workspaceOf(env)).refused(by, target.path, why);
	// Somebody without a role there does not learn which Agents there are.
	const refused = refusedAccess(target, 'read', here);
	if (refused) return recorded(refused);
	if (!(await exists(target, env, here))) return notThere(target.path);
	const forbidden = refusedAccess(target, access, here);
	if (forbidden) return recorded(forbidden);
	const namespace = namespaceOf(env, target.root.className);
	if (!namespace) return problem('unavailable', agentAccessText.noBinding(target.root.className));
	// The SDK reads the path once more: it gets the one that was judged.
	url.pathname = `/agents/${target.path}${target.leaf === '' ? '' : `/${target.leaf}`}`;
	return namespace.getByName(target.root.name).fetch(new Request(url, request));
}

/** With the roles that they have at this Agent. The Operations agent judges each request by itself. */
function personHere({ path, policy }: AgentTarget, by: Identity): Identity {
	if (policy.names === 'workspace') return personAnywhere(by);
	return personAt(by, { workflow: null, agent: path });
}

async function exists(target: AgentTarget, env: Env, by: Identity): Promise<boolean> {
	const { path, policy, root } = target;
	if (policy.names === 'any') return true;
	if (policy.names === 'workspace') return root.name === workspaceOf(env);
	if (refusedAccess(target, 'send', by) === null) return true;
	if (OperationsAgent.catalogue.list().some(({ agent }) => agent === path)) return true;
	return env.OperationsAgent.getByName(workspaceOf(env)).knowsAgent(path);
}

function workspaceOf({ WORKSPACE }: Env): string {
	return WORKSPACE || 'main';
}

function namespaceOf(env: Env, className: string): DurableObjectNamespace | null {
	const binding: unknown = Reflect.get(env, className);
	const isNamespace = typeof binding === 'object' && binding !== null && 'getByName' in binding;
	return isNamespace ? (binding as DurableObjectNamespace) : null; // it has what only one has
}
