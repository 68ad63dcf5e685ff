// What an operation is: one entry of the contract from which dispatch, roles, the client's calls,
// the HTTP routes, OpenAPI, the tables of the docs and the audit are derived.
import { z } from 'zod';
import { requestsText } from '../../messages/server/requests';
import type { Role } from '../wire/identity';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Where a part of an HTTP request goes: among the members of the input, or into the one named. */
export type Placement = { members: true } | { member: string };

/** One way to reach an operation over HTTP. */
export type HttpRoute = {
	readonly method: HttpMethod;
	/** Below `/api/v1`; a parameter in braces is the member of the input with that name. */
	readonly path: `/${string}`;
	readonly status: 200 | 201 | 202 | 204 | 303;
	readonly query?: Placement;
	readonly body?: Placement;
	/** The largest body that is read, bytes. */
	readonly maxBodyBytes?: number;
	/** Members of the input that the route itself stands for. */
	readonly fixed?: Readonly<Record<string, unknown>>;
	/** Two operations share a method and path: the body's `dryRun` says which is meant. */
	readonly dryRun?: boolean;
	/** `events`: server-sent events for who accepts them. `file`: a download. JSON otherwise. */
	readonly stream?: 'events' | 'file';
	/** The `Location` header, filled in from the result's members. */
	readonly location?: string;
	/** Where a person's browser goes instead when there is a problem; `{kind}` is its kind. */
	readonly problemLocation?: string;
};

/** The HTTP header of a request that is to be carried out once, however often it is sent. */
export const IDEMPOTENCY_HEADER = 'idempotency-key';
/** The same over the websocket, and what the header holds. */
export const idempotencyKeySchema = z.string().regex(/^[!-~]{1,255}$/, requestsText.keyMalformed);

/**
 * Where an operation takes place. `workspace`: in all of it, so limited roles do not count. `run`,
 * `approval`, `job`: at the one that the input names. `new-run`: where a run is to be. `visible`: the
 * handler reads and changes only what the person sees, and judges each part by itself.
 */
export type PlaceRule = 'workspace' | 'run' | 'approval' | 'job' | 'new-run' | 'visible';

type Definition<I extends z.ZodObject, O extends z.ZodType> = {
	/** What is asked for, beside the operation's name. */
	readonly input: I;
	readonly output: O;
	/** Anyone with one of these may ask. */
	readonly roles: readonly Role[];
	/** Where one of these roles is needed, for people whose roles are limited. */
	readonly place: PlaceRule;
	/** In plain English, for OpenAPI and docs. */
	readonly summary: string;
	/** How it is reached over HTTP, or why it is not. */
	readonly http: readonly HttpRoute[] | { readonly none: string };
};

/** What the audit keeps of a change. The result is null when there is none. */
export type Audited<I, O> = {
	/** What was changed: a run's key, an approval's id; null for the whole. */
	target: (input: I, result: O | null) => string | null;
	/** Why it is done, in the words of who asks. */
	reason?: (input: I) => string | undefined;
	/** The input without secrets; all of it unless given. */
	detail?: (input: I, result: O | null) => object;
};

/** An operation that changes nothing. */
export function read<I extends z.ZodObject, O extends z.ZodType>(definition: Definition<I, O>) {
	return { ...definition, changes: false, audit: null } as const;
}

/** An operation that changes data: it is written to the audit, done or refused. */
export function change<I extends z.ZodObject, O extends z.ZodType>(
	definition: Definition<I, O> & { readonly audit: Audited<z.output<I>, z.output<O>> }
) {
	return { ...definition, changes: true } as const;
}

type RouteOptions = Omit<HttpRoute, 'method' | 'path' | 'status'> & {
	status?: HttpRoute['status'];
};

const route =
	(method: HttpMethod, status: HttpRoute['status']) =>
	(path: HttpRoute['path'], options: RouteOptions = {}): HttpRoute => ({
		method,
		path,
		status,
		...options
	});

export const get = route('GET', 200);
export const post = route('POST', 200);
export const put = route('PUT', 200);
export const del = route('DELETE', 204);

/** Among the members of the input. */
export const MEMBERS: Placement = { members: true };
