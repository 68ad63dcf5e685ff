import { camelCaseToKebabCase } from 'agents';
import type { AgentRef } from '../../protocol';

/** One hop of an Agent's address, as in `Agent.selfPath`. */
export type AgentHop = { className: string; name: string };

/** An Agent's address from its hops, kebab-cased as in its URL. */
export function agentRefOf(hops: readonly AgentHop[]): AgentRef {
	const leaf = hops.at(-1);
	if (!leaf) throw new Error('An Agent address has at least one hop.');
	const path = hops
		.map((hop) => `${camelCaseToKebabCase(hop.className)}/${encodeURIComponent(hop.name)}`)
		.join('/sub/');
	return { class: leaf.className, name: leaf.name, path };
}

/** Takes an Agent's path apart: `[{ kebab: 'store-agent', name: 'berlin' }, …]`. */
export function hopsOf(path: string): { kebab: string; name: string }[] {
	return path.split('/sub/').map((hop) => {
		const cut = hop.indexOf('/');
		return { kebab: hop.slice(0, cut), name: decodeURIComponent(hop.slice(cut + 1)) };
	});
}

/** The exported class (or the binding) whose kebab-cased name this is. */
export function classNamed(kebab: string, candidates: Iterable<string>): string | undefined {
	for (const name of candidates) if (camelCaseToKebabCase(name) === kebab) return name;
	return undefined;
}
