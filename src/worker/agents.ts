// The one table of the Agents that are reachable under /agents/. A binding without an entry does not
// compile; an Agent class without one fails tests/unit/worker/agents.test.ts.
import { AgentPolicies, type AgentPolicy } from './agent-policy';

/** The bindings of Durable Objects. */
type Binding = {
	[Name in keyof Env]: Env[Name] extends DurableObjectNamespace<infer _> ? Name : never;
}[keyof Env];

/** What the plain message protocol offers over HTTP. */
const PLAIN_HTTP = { state: { GET: 'read' }, start: { POST: 'send' } } as const;

export const agentPolicies = new AgentPolicies({
	// samples:start
	StoreAgent: {
		names: 'reported',
		frames: 'checked',
		http: PLAIN_HTTP,
		children: { AisleAgent: { names: 'reported', frames: 'checked', http: PLAIN_HTTP } }
	},
	// samples:end
	OperationsAgent: {
		names: 'workspace',
		frames: 'checked',
		// A page of somebody without a role is told so, request by request.
		read: 'anyone',
		http: PLAIN_HTTP
	}
} satisfies Record<Binding, AgentPolicy>);
