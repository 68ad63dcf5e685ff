// Finds what an HTTP request asks for: the operation and the members of its input that the path holds.
import { z } from 'zod';
import { operationsText } from '../../messages/server/operations';
import { meSchema } from '../wire/identity';
import { OPERATION_NAMES, REASONED_OPERATIONS, routesOf, type OperationName } from '.';
import type { HttpMethod, HttpRoute } from './operation';

/** Where the API is. */
export const API_ROOT = '/api/v1';

const { server } = operationsText;

/** What somebody is told about themselves, and for which changes they have to give a reason. */
export const ownSchema = meSchema
	.omit({ from: true })
	.extend({ reasonRequired: z.array(z.enum(REASONED_OPERATIONS)).optional() });
export type OwnIdentity = z.output<typeof ownSchema>;

/** What the Worker answers without asking an Agent. */
export const SERVER_ROUTES = {
	health: {
		path: '/health',
		summary: server.health,
		output: z.object({ status: z.literal('ok'), version: z.string(), uptimeMs: z.number() })
	},
	me: { path: '/me', summary: server.me, output: ownSchema },
	openapi: { path: '/openapi.json', summary: null, output: z.looseObject({}) }
} as const;
export type ServerRoute = keyof typeof SERVER_ROUTES;

/** An operation and the route that leads to it. */
export type RoutedOperation = { name: OperationName; route: HttpRoute };

export type RouteMatch =
	| { kind: 'server'; route: ServerRoute }
	/** Several operations share a method and path: the body's `dryRun` picks one. */
	| { kind: 'operation'; operations: readonly RoutedOperation[]; params: Record<string, string> }
	| { kind: 'wrong-method'; allow: readonly string[] }
	| { kind: 'unknown-path' }
	| { kind: 'malformed-path' };

type Endpoint = {
	segments: readonly string[];
	methods: Map<HttpMethod, ServerRoute | RoutedOperation[]>;
};

let endpoints: readonly Endpoint[] | undefined;

/**
 * Matches a path below {@link API_ROOT} as it stands in the URL, percent-encoded. HEAD is matched
 * as GET. Where a literal and a parameter match the same segment, the literal wins.
 */
export function matchRoute(method: string, path: string): RouteMatch {
	const segments = decodedSegments(path);
	if (!segments) return { kind: 'malformed-path' };
	endpoints ??= allEndpoints();
	const endpoint = endpoints.find((each) => matches(each, segments));
	if (!endpoint) return { kind: 'unknown-path' };
	const found = endpoint.methods.get(method === 'HEAD' ? 'GET' : (method as HttpMethod)); // or none
	if (found === undefined) return { kind: 'wrong-method', allow: [...endpoint.methods.keys()] };
	if (typeof found === 'string') return { kind: 'server', route: found };
	const params = endpoint.segments.flatMap((segment, index) => {
		const name = parameterIn(segment);
		return name === null ? [] : [[name, segments[index] ?? '']];
	});
	return { kind: 'operation', operations: found, params: Object.fromEntries(params) };
}

/** Of the operations of one route, the one that a body asks for; the first unless it is another. */
export function pickByDryRun(
	operations: readonly RoutedOperation[],
	body: unknown
): RoutedOperation | undefined {
	const isDry = Object(body)['dryRun'] === true;
	return operations.find(({ route }) => (route.dryRun ?? isDry) === isDry);
}

function allEndpoints(): Endpoint[] {
	const byPath = new Map<string, Endpoint>();
	const methodsAt = (path: string) => {
		const known = byPath.get(path) ?? { segments: path.slice(1).split('/'), methods: new Map() };
		byPath.set(path, known);
		return known.methods;
	};
	for (const [name, { path }] of Object.entries(SERVER_ROUTES)) {
		methodsAt(path).set('GET', name as ServerRoute); // one of its own keys
	}
	for (const name of OPERATION_NAMES) {
		for (const route of routesOf(name)) {
			const methods = methodsAt(route.path);
			const others = methods.get(route.method);
			const shared = Array.isArray(others) ? others : [];
			methods.set(route.method, [...shared, { name, route }]);
		}
	}
	const parameters = ({ segments }: Endpoint) =>
		segments.filter((segment) => parameterIn(segment) !== null).length;
	return [...byPath.values()].toSorted((a, b) => parameters(a) - parameters(b));
}

function matches({ segments }: Endpoint, given: readonly string[]): boolean {
	return (
		segments.length === given.length &&
		segments.every((segment, index) =>
			parameterIn(segment) === null ? segment === given[index] : given[index] !== ''
		)
	);
}

function parameterIn(segment: string): string | null {
	return /^\{(\w+)\}$/.exec(segment)?.[1] ?? null;
}

function decodedSegments(path: string): string[] | null {
	try {
		return path.slice(1).split('/').map(decodeURIComponent);
	} catch {
		return null; // a stray % or bytes that are no UTF-8
	}
}
