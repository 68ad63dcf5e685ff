// The tables of docs/http-api.md and docs/identity.md, derived from the contract.
import prettier from 'prettier';
import type * as protocol from '../../src/lib/protocol';
import type { HttpRoute, Placement } from '../../src/lib/protocol';

type Protocol = typeof protocol;

/** Each page that holds tables, and the tables by their names. */
export const TABLES: Record<string, Record<string, (protocol: Protocol) => string>> = {
	'docs/http-api.md': { routes: routeTable },
	'docs/identity.md': { roles: roleTable }
};

/** A page with its tables written anew, between `<!-- table:NAME -->` and `<!-- /table -->`. */
export async function withTables(page: string, text: string, protocol: Protocol): Promise<string> {
	let written = text;
	for (const [name, table] of Object.entries(TABLES[page] ?? {})) {
		const [begin, end] = [`<!-- table:${name} -->`, '<!-- /table -->'];
		const from = written.indexOf(begin) + begin.length;
		const until = written.indexOf(end, from);
		if (from < begin.length || until < 0) throw new Error(`${page} has no ${begin} … ${end}`);
		written = `${written.slice(0, from)}\n\n${table(protocol)}\n\n${written.slice(until)}`;
	}
	const options = await prettier.resolveConfig(page);
	return prettier.format(written, { ...options, parser: 'markdown' });
}

function routeTable({ OPERATION_NAMES, OPERATIONS, routesOf, SERVER_ROUTES }: Protocol): string {
	const own = Object.values(SERVER_ROUTES).flatMap(({ path, summary }) =>
		summary === null ? [] : [row(code(`GET ${path}`), summary, '', '200')]
	);
	const routed = OPERATION_NAMES.flatMap((name) => {
		const { summary, input } = OPERATIONS[name];
		return routesOf(name).map((route) => {
			const takes = [
				...membersAt(route.query, input.shape, route),
				...membersAt(route.body, input.shape, route),
				...(route.dryRun === undefined ? [] : ['dryRun'])
			];
			const call = code(`${route.method} ${route.path}`);
			const does = route.dryRun ? `${summary} (${code('dryRun')})` : summary;
			return row(call, does, takes.map(code).join(', '), String(route.status));
		});
	});
	const head = [row('call', 'does', 'takes', 'answers'), row('-', '-', '-', '-')];
	return [...head, ...own, ...routed].join('\n');
}

function roleTable({ OPERATION_NAMES, OPERATIONS }: Protocol): string {
	const rows = OPERATION_NAMES.map((name) => {
		const { roles, changes } = OPERATIONS[name];
		return row(code(name), roles.join(', '), changes ? 'yes' : '');
	});
	return [row('operation', 'roles', 'changes data'), row('-', '-', '-'), ...rows].join('\n');
}

/** What the query string or the body of a route may hold, of an input with these members. */
function membersAt(
	at: Placement | undefined,
	shape: Record<string, unknown>,
	{ path }: HttpRoute
): string[] {
	if (!at) return [];
	if ('member' in at) return keysOf(shape[at.member]);
	return Object.keys(shape).filter((key) => key !== 'dryRun' && !path.includes(`{${key}}`));
}

/** The members of an object schema, or of any variant of a union. */
function keysOf(schema: unknown): string[] {
	const { shape, options = [] }: { shape?: object; options?: unknown[] } = Object(schema);
	return shape ? Object.keys(shape) : [...new Set(options.flatMap(keysOf))];
}

const row = (...cells: string[]) => `| ${cells.join(' | ')} |`;
const code = (text: string) => `\`${text}\``;
