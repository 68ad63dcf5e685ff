// Who may reach which Agent under /agents/. Everything that is not in the table is answered with 404
// before a Durable Object is made. Calls from inside (RPC, `stub.fetch()`) do not come by here.
import { camelCaseToKebabCase } from 'agents';
import { agentAccessText } from '../lib/messages/server/agent-access';
import { problem, ROLES, type Identity, type Problem, type Role } from '../lib/protocol';

/** What one address of an Agent does: `read` takes any role, `send` the Agent's own. */
export type Access = 'read' | 'send';

/** The policy of one Agent class. */
export type AgentPolicy = {
	/**
	 * Whether the class itself checks each frame of a websocket (`guarded()`, or a schema of its
	 * own). Where it does not, to connect takes the roles that sending takes.
	 */
	frames: 'checked' | 'unchecked';
	/**
	 * Which instances there are. `workspace`: only the one that the var WORKSPACE names. `reported`:
	 * those that the catalogue names or that reported a run; a new one is opened only by somebody who
	 * may send. `any`: every name that is well formed.
	 */
	names: 'workspace' | 'reported' | 'any';
	/** `anyone` who signed in may read, since each answer is judged inside; else any role. */
	read?: 'anyone';
	/** Who may send frames and make changing requests; `operator` unless the entry says otherwise. */
	send?: readonly Role[];
	/** Paths below the Agent that answer HTTP, with the methods of each. */
	http?: Readonly<Record<string, Readonly<Partial<Record<string, Access>>>>>;
	/** Classes of sub-agents that are reachable below it. */
	children?: Readonly<Record<string, AgentPolicy>>;
};

/** An address under /agents/ that the table knows. */
export type AgentTarget = {
	/** The class, and the binding, of the root Agent. */
	root: { className: string; name: string };
	/** The whole address, encoded as in its URL: `store-agent/berlin/sub/aisle-agent/7`. */
	path: string;
	/** The rest of the URL's path: '' or `state`. */
	leaf: string;
	policy: AgentPolicy;
};

const OPERATORS: readonly Role[] = ['operator'];
const MAX_NAME = 200;
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const UNNAMEABLE = /[\u0000-\u001f\u007f/]|^\.{1,2}$|^sub$/;

/** Every Agent that this Worker lets in, by the name of its class. */
export class AgentPolicies {
	readonly #entries: Map<string, AgentPolicy>;

	constructor(entries: Readonly<Record<string, AgentPolicy>>) {
		this.#entries = new Map(Object.entries(entries));
	}

	add(className: string, policy: AgentPolicy): void {
		this.#entries.set(className, policy);
	}

	/** All entries, sub-agents' as `StoreAgent/AisleAgent`. */
	list(): { key: string; policy: AgentPolicy }[] {
		const below = (prefix: string, policy: AgentPolicy): { key: string; policy: AgentPolicy }[] => [
			{ key: prefix, policy },
			...Object.entries(policy.children ?? {}).flatMap(([name, child]) =>
				below(`${prefix}/${name}`, child)
			)
		];
		return [...this.#entries].flatMap(([name, policy]) => below(name, policy));
	}

	/** What a URL's path means; null for a path that names no Agent of the table. */
	find(pathname: string): AgentTarget | null {
		const [empty, agents, ...parts] = pathname.split('/');
		if (empty !== '' || agents !== 'agents') return null;
		const root = hopOf(parts, Object.fromEntries(this.#entries));
		if (!root) return null;
		let { policy, path } = root;
		let rest = parts.slice(2);
		while (rest[0] === 'sub') {
			const child = hopOf(rest.slice(1), policy.children ?? {});
			if (!child) return null;
			policy = child.policy;
			path = `${path}/sub/${child.path}`;
			rest = rest.slice(3);
		}
		const leaf = rest.join('/').replace(/\/$/, '');
		return { root: { className: root.className, name: root.name }, path, leaf, policy };
	}
}

type Hop = { className: string; name: string; path: string; policy: AgentPolicy };

function hopOf(
	[kebab, encoded]: readonly string[],
	entries: Readonly<Record<string, AgentPolicy>>
): Hop | null {
	if (!kebab || !encoded) return null;
	const name = nameOf(encoded);
	if (name === null) return null;
	for (const [className, policy] of Object.entries(entries)) {
		if (camelCaseToKebabCase(className) !== kebab) continue;
		return { className, name, policy, path: `${kebab}/${encodeURIComponent(name)}` };
	}
	return null;
}

function nameOf(encoded: string): string | null {
	try {
		const name = decodeURIComponent(encoded);
		return name.length > MAX_NAME || UNNAMEABLE.test(name) ? null : name;
	} catch {
		return null; // no percent-encoded UTF-8
	}
}

/** What is asked of an Agent's address, as far as the table goes. */
export type AgentRequest = { method: string; isUpgrade: boolean };

/** What a request does there, or the problem with it: a path or a method that is not there. */
export function accessOf(
	{ path, leaf, policy }: AgentTarget,
	{ method, isUpgrade }: AgentRequest
): Access | Problem {
	if (isUpgrade) {
		if (leaf !== '' || method !== 'GET') return notThere(leaf === '' ? path : `${path}/${leaf}`);
		return policy.frames === 'checked' ? 'read' : 'send';
	}
	const { http = {} } = policy;
	const methods = Object.hasOwn(http, leaf) ? http[leaf] : undefined;
	if (!methods) return notThere(leaf === '' ? path : `${path}/${leaf}`);
	const access = methods[method === 'HEAD' ? 'GET' : method];
	if (access) return access;
	const allowed = Object.keys(methods).join(', ');
	return problem(
		'method-not-allowed',
		agentAccessText.methodNotAllowed(method, `/agents/${path}/${leaf}`, allowed)
	);
}

/** The roles that give an access to an Agent. */
function rolesFor(
	{ read, send = OPERATORS }: AgentPolicy,
	access: Access
): readonly Role[] | 'anyone' {
	return access === 'send' ? send : (read ?? ROLES);
}

/** The problem of somebody whose roles do not give the access; null for one who may. */
export function refusedAccess(target: AgentTarget, access: Access, by: Identity): Problem | null {
	const roles = rolesFor(target.policy, access);
	if (roles === 'anyone' || by.roles.some((role) => roles.includes(role))) return null;
	const held = by.roles.length > 0 ? by.roles.join(', ') : agentAccessText.noRoles;
	return problem(
		'forbidden',
		agentAccessText.needsRole(target.path, roles.join(' or '), by.name, held)
	);
}

export function notThere(path: string): Problem {
	return problem('unknown-agent', agentAccessText.noAgent(`/agents/${path}`.slice(0, 300)));
}
