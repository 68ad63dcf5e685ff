// Holds every answer of the server against the contract: its status, its type, its schema.
import { expect } from 'vitest';
import type { z } from 'zod';
import {
	isOperationName,
	matchRoute,
	operationOf,
	pickByDryRun,
	problemSchema,
	SERVER_ROUTES,
	type Answer
} from '../../../src/lib/protocol';
import type { Reply } from './person';

/**
 * Fails when an answer of the HTTP API is not what the contract says.
 *
 * @param path below `/api/v1`, with its query
 */
export function expectContract(method: string, path: string, sent: unknown, reply: Reply): void {
	const call = `${method} ${path}`;
	const type = reply.headers.get('content-type');
	if (reply.status >= 400) {
		expect(type, call).toBe('application/problem+json');
		expectSchema(problemSchema, reply.body, call);
		expect(problemSchema.parse(reply.body).status, call).toBe(reply.status);
		return;
	}
	const match = matchRoute(method, path.split('?')[0] ?? '');
	if (match.kind === 'server') {
		expect(reply.status, call).toBe(200);
		expectSchema(SERVER_ROUTES[match.route].output, reply.body, call);
	}
	if (match.kind !== 'operation') return;
	const picked = pickByDryRun(match.operations, sent);
	if (!picked) throw new Error(`${call} is no operation`);
	const { name, route } = picked;
	if (route.problemLocation && reply.status === 303) return; // a browser's way out
	expect(reply.status, call).toBe(route.status);
	if (type === 'application/json') expectSchema(operationOf(name).output, reply.body, call);
	else expect(route.stream ?? route.status, call).not.toBe(200);
}

/** Fails when the answer to a request over the websocket is not what the contract says. */
export function expectResult(request: object, answer: Answer<unknown>): void {
	const { type } = request as { type?: unknown }; // whatever a test sends
	if (!answer.ok) expectSchema(problemSchema, answer.problem, String(type));
	else if (isOperationName(type)) expectSchema(operationOf(type).output, answer.value, type);
}

/** The value fits, and holds nothing besides what its schema says. */
function expectSchema(schema: z.ZodType, value: unknown, call: string): void {
	const read = schema.safeParse(value);
	expect(read.error?.issues ?? [], call).toEqual([]);
	expect(value, call).toEqual(read.data);
}
