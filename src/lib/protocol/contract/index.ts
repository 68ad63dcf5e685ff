// The contract: everything that can be asked of Signalbox, however it is asked.
import type { z } from 'zod';
import { problemsText } from '../../messages/server/problems';
import { problem, type Problem } from '../wire/problem';
import type { Identity, Role } from '../wire/identity';
import { personAnywhere } from '../wire/scope';
import { approvalActions, approvalOperations } from './approvals';
import { bulkOperations } from './bulk';
import { fleetOperations } from './fleet';
import { maintenanceOperations } from './maintenance';
import type { Audited, HttpRoute, PlaceRule } from './operation';
import { policyOperations } from './policies';
import { purgeOperations } from './purge';
import { runOperations } from './runs';
import { viewOperations } from './views';
import { webhookOperations } from './webhooks';

/** Every operation by its name. */
export const OPERATIONS = {
	...runOperations,
	...approvalOperations,
	...webhookOperations,
	...purgeOperations,
	...policyOperations,
	...bulkOperations,
	...viewOperations,
	...fleetOperations,
	...maintenanceOperations
};
type Operations = typeof OPERATIONS;
export type OperationName = keyof Operations;
/** Operations whose result is a file. */
export type ExportName = 'runs.export' | 'audit.export' | 'purge.export';
export type ApprovalActionName = keyof typeof approvalActions;

/** An operation's input as its handler gets it. */
export type InputOf<N extends OperationName> = z.output<Operations[N]['input']>;
/** An operation's result. */
export type ResultOf<N extends OperationName> = z.output<Operations[N]['output']>;
/** A request as it is sent, for any of these operations. */
export type RequestInput<N extends OperationName = OperationName> = {
	[K in N]: { type: K; idempotencyKey?: string } & MembersOf<z.input<Operations[K]['input']>>;
}[N];
/** An input without members is typed as one whose members are `never`, `type` included. */
type MembersOf<I> = string extends keyof I ? unknown : I;

/** An operation, with types that follow its name. */
export type Operation<N extends OperationName = OperationName> = {
	[K in N]: {
		readonly input: z.ZodType<InputOf<K>>;
		readonly output: z.ZodType<ResultOf<K>>;
		readonly roles: readonly Role[];
		readonly place: PlaceRule;
		readonly summary: string;
		readonly changes: boolean;
		readonly audit: Audited<InputOf<K>, ResultOf<K>> | null;
		readonly http: readonly HttpRoute[] | { readonly none: string };
	};
}[N];
const operations: { [N in OperationName]: Operation<N> } = OPERATIONS;

export function operationOf<N extends OperationName>(name: N): Operation<N> {
	return operations[name];
}

/** In the order of the contract. */
export const OPERATION_NAMES = Object.keys(OPERATIONS) as OperationName[]; // its own keys

export function isOperationName(name: unknown): name is OperationName {
	return typeof name === 'string' && Object.hasOwn(OPERATIONS, name);
}

export function isApprovalAction(name: OperationName): name is ApprovalActionName {
	return Object.hasOwn(approvalActions, name);
}

/** Changes for which a reason can be required: they end work, repeat it or delete its records. */
export const REASONED_OPERATIONS = [
	'run.terminate',
	'run.restart',
	'bulk.start',
	'purge.start'
] as const satisfies readonly OperationName[];

/**
 * The operations that need a reason, as the variable `REASON_REQUIRED` says: names of
 * {@link REASONED_OPERATIONS} between commas, `all`, or nothing for none.
 */
export function reasonsRequired(env: object): OperationName[] {
	const value: unknown = Reflect.get(env, 'REASON_REQUIRED');
	const words = typeof value === 'string' ? value.split(/[\s,]+/) : [];
	return REASONED_OPERATIONS.filter((name) => words.includes('all') || words.includes(name));
}

export function isExport(name: OperationName): name is ExportName {
	return name === 'runs.export' || name === 'audit.export' || name === 'purge.export';
}

/** The HTTP routes of an operation; none for one that only the websocket offers. */
export function routesOf(name: OperationName): readonly HttpRoute[] {
	const { http } = operations[name];
	return 'none' in http ? [] : http;
}

/** Can a request be sent with an idempotency key this way? Every change can, but for a link. */
export function takesIdempotencyKey(name: OperationName, { method }: HttpRoute): boolean {
	return operations[name].changes && method !== 'GET';
}

/** May somebody with these roles ask for this? */
export function mayRequest(name: OperationName, roles: readonly Role[]): boolean {
	return operations[name].roles.some((role) => roles.includes(role));
}

/** As {@link refusal}; with limited roles, null for one who may ask for it somewhere. */
export function refusalAnywhere(name: OperationName, by: Identity): Problem | null {
	return refusal(name, operations[name].place === 'workspace' ? by : personAnywhere(by));
}

/** The problem that a person without the role gets; null for one who may. */
export function refusal(name: OperationName, identity: Identity): Problem | null {
	if (mayRequest(name, identity.roles)) return null;
	const needed = operations[name].roles.join(' or ');
	const held = identity.roles.join(', ') || problemsText.noRole;
	return problem('forbidden', problemsText.roleRequired(name, needed, identity.name, held));
}
