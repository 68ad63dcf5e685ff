// Every request, wherever it came in: authorized, validated, handled, and audited when it changes
// something, done or refused. Authorization comes first, so that the audit of somebody who may not
// says `forbidden`, whatever they sent.
import {
	capJson,
	idempotencyKeySchema,
	invalid,
	isApprovalAction,
	isDeeperThan,
	isOperationName,
	MAX_JSON_DEPTH,
	OPERATION_NAMES,
	operationOf,
	problem,
	ProblemError,
	problemKind,
	toJson,
	type Answer,
	type Identity,
	type InputOf,
	type Json,
	type OperationName,
	type Problem,
	type RequestInput,
	type ResultOf
} from '../../../protocol';
import { requestsText } from '../../../messages/server/requests';
import { fieldErrorsText } from '../../../messages/server/field-errors';
import { requestOrigin, type ApprovalRequests } from '../approvals/approval-requests';
import type { AuditLog } from '../audit-log';
import type { ChangePublisher } from '../change-publisher';
import { AUDIT_CHANGE } from '../change-set';
import { visibleAnswer, type Authority } from './authority';
import type { AuditedStates } from './audited-states';
import { runIdOf, type IdempotentRequests } from './idempotent-requests';
import { validated, withoutEnvelope } from './request-input';
import type { RequestLimits } from './request-limits';
import type { Handlers, RequestContext, RequestSource } from './handlers';

/** A value of a request that is longer than this is not kept in the audit, bytes. */
const DETAIL_BYTES = 2_000;
/** The longest target that the audit keeps of a request that was not valid, characters. */
const TARGET_LENGTH = 220;

type Asked = Omit<RequestContext, 'dispatch'>;

export type DispatcherParts = {
	handlers: Handlers;
	approvals: ApprovalRequests;
	audit: AuditLog;
	idempotent: IdempotentRequests;
	publisher: Pick<ChangePublisher, 'publishChanges'>;
	authority: Authority;
	states: AuditedStates;
	limits: RequestLimits;
	/** Operations that are refused without a reason. */
	reasonsRequired: readonly OperationName[];
};

export class Dispatcher {
	readonly #handlers: Handlers;
	readonly #approvals: ApprovalRequests;
	readonly #audit: AuditLog;
	readonly #idempotent: IdempotentRequests;
	readonly #publisher: Pick<ChangePublisher, 'publishChanges'>;
	readonly #authority: Authority;
	readonly #states: AuditedStates;
	readonly #reasonsRequired: readonly OperationName[];
	readonly #limits: RequestLimits;

	constructor(parts: DispatcherParts) {
		const { handlers, approvals, audit, idempotent, publisher } = parts;
		this.#authority = parts.authority;
		this.#states = parts.states;
		this.#limits = parts.limits;
		this.#reasonsRequired = parts.reasonsRequired;
		this.#handlers = handlers;
		this.#approvals = approvals;
		this.#audit = audit;
		this.#idempotent = idempotent;
		this.#publisher = publisher;
	}

	/** Answers a request of a person. Problems are answers; it rejects only when we are broken. */
	async dispatch(
		by: Identity,
		request: unknown,
		source: RequestSource = 'api'
	): Promise<Answer<unknown>> {
		const { type, idempotencyKey, ...input } = Object(request) as Record<string, unknown>; // members, if any
		if (!isOperationName(type)) return { ok: false, problem: unknownOperation() };
		const limited = this.#limits.count(type, by);
		if (limited) return { ok: false, problem: limited };
		const isKeyed = idempotencyKey !== undefined && operationOf(type).changes;
		const asked: Asked = { by, source, seen: this.#authority.seenBy(by) };
		// What is refused in any case is not kept. Without a key that is judged once, further on.
		const isKept =
			isKeyed &&
			!isDeeperThan(input, MAX_JSON_DEPTH) &&
			this.#authority.judge(type, input, by).refused === null;
		if (!isKept) return this.#dispatchTo(type, input, asked);
		return this.#dispatchOnce(type, input, asked, idempotencyKey);
	}

	/** A request that repeats another one has no audit entry: only the first was carried out. */
	async #dispatchOnce(
		name: OperationName,
		input: Record<string, unknown>,
		asked: Asked,
		givenKey: unknown
	): Promise<Answer<unknown>> {
		const key = idempotencyKeySchema.safeParse(givenKey);
		if (!key.success) {
			return { ok: false, problem: invalid(key.error, 'invalid-input', 'Idempotency-Key') };
		}
		const request = { subject: asked.by.subject, key: key.data, name, input };
		return this.#idempotent.once(request, Date.now(), async () => {
			if (name !== 'run.start' || input['id'] !== undefined) {
				return this.#dispatchTo(name, input, asked);
			}
			const id = runIdOf(request);
			const started = await this.#dispatchTo('run.start', { ...input, id }, asked);
			if (started.ok || problemKind(started.problem) !== 'id-taken') return started;
			// An attempt whose answer nobody got has started it.
			return this.#dispatchTo('run.get', { workflow: input['workflow'], id }, asked);
		});
	}

	/**
	 * Records a start that the Worker refused at an Agent's address, unread. Returns what to answer:
	 * why it was refused, or that this person asks too often.
	 */
	recordRefusedAccess(by: Identity, agent: string, why: Problem): Problem {
		const limited = this.#limits.count('run.start', by);
		if (limited) return limited;
		const about = { action: 'run.start', target: null, detail: { agent }, reason: null };
		this.#audit.add({ ...author({ by, source: 'api' }), ...about, result: problemKind(why) });
		this.#publisher.publishChanges(AUDIT_CHANGE);
		return why;
	}

	async #dispatchTo<N extends OperationName>(
		name: N,
		given: Record<string, unknown>,
		asked: Asked
	): Promise<Answer<ResultOf<N>>> {
		const { refused, by } = this.#authority.judge(name, given, asked.by);
		const input = this.#withReason(name, validated(name, given));
		if (refused || !input.ok) {
			const failure = refused ?? (input.ok ? unknownOperation() : input.problem);
			if (operationOf(name).changes) this.#recordRefused(name, input, given, failure, asked);
			return { ok: false, problem: failure };
		}
		const here = { ...asked, by };
		if (!operationOf(name).changes) return this.#handle(name, input.value, here);
		return this.#carryOut(name, input.value, here);
	}

	/** Carries a change out between the two halves of its audit entry. */
	async #carryOut<N extends OperationName>(
		name: N,
		input: InputOf<N>,
		asked: Asked
	): Promise<Answer<ResultOf<N>>> {
		const before = this.#describe(name, input, null, asked);
		const state = this.#states.stateOf(before.target, asked.by);
		const intent = { ...author(asked), action: name, ...before, before: state };
		const entry = this.#audit.begin({ ...intent, reason: reasonOf(name, input) });
		try {
			const answered = await this.#handle(name, input, asked);
			const after = this.#describe(name, input, answered.ok ? answered.value : null, asked);
			const left = answered.ok ? this.#states.stateOf(after.target, asked.by) : null;
			this.#audit.complete(entry, { ...after, result: resultOf(input, answered), after: left });
			return answered;
		} catch (error) {
			this.#audit.complete(entry, { ...before, result: 'failed' });
			throw error;
		} finally {
			this.#publisher.publishChanges(AUDIT_CHANGE);
		}
	}

	async #handle<N extends OperationName>(
		name: N,
		input: InputOf<N>,
		asked: Asked
	): Promise<Answer<ResultOf<N>>> {
		const context: RequestContext = {
			...asked,
			dispatch: <M extends OperationName>({ type, ...members }: RequestInput<M>) =>
				this.#dispatchTo<M>(type, members, { ...asked, by: asked.seen.by })
		};
		try {
			const value = await this.#handlers[name](input, context);
			return { ok: true, value: visibleAnswer(name, value, asked.seen) };
		} catch (error) {
			if (error instanceof ProblemError) return { ok: false, problem: error.problem };
			throw error;
		}
	}

	#withReason<N extends OperationName>(name: N, input: Answer<InputOf<N>>): Answer<InputOf<N>> {
		if (!input.ok || !this.#reasonsRequired.includes(name) || reasonOf(name, input.value)) {
			return input;
		}
		const path = name === 'bulk.start' ? 'job.reason' : 'reason';
		const errors = [{ path, message: fieldErrorsText.reasonMissing }];
		return { ok: false, problem: withoutEnvelope(name, problem('invalid-input', '', { errors })) };
	}

	/** What a change is about, as far as it is known. */
	#describe<N extends OperationName>(
		name: N,
		input: InputOf<N>,
		result: ResultOf<N> | null,
		{ by, source }: Asked
	): { target: string | null; detail: Record<string, Json> } {
		const { audit } = operationOf(name);
		const target = audit?.target(input, result) ?? null;
		const detail = audit?.detail ? audit.detail(input, result) : input;
		const approval =
			target !== null && isApprovalAction(name)
				? this.#approvals.auditDetail(target, by, source)
				: {};
		return { target, detail: { ...capped(detail), ...approval } };
	}

	#recordRefused<N extends OperationName>(
		name: N,
		input: Answer<InputOf<N>>,
		given: Record<string, unknown>,
		failure: Problem,
		asked: Asked
	): void {
		const described = input.ok
			? this.#describe(name, input.value, null, asked)
			: describeInvalid(given, failure);
		const result = problemKind(failure);
		const reason = input.ok ? reasonOf(name, input.value) : null;
		this.#audit.add({ ...author(asked), action: name, ...described, result, reason });
		this.#publisher.publishChanges(AUDIT_CHANGE);
	}
}

/** What an input that is not valid was about, as far as it can be read. */
function describeInvalid(
	{ workflow, id }: Record<string, unknown>,
	failure: Problem
): { target: string | null; detail: Record<string, Json> } {
	const parts = [workflow, id].filter((part) => typeof part === 'string');
	const target = parts.length > 0 ? parts.join('/').slice(0, TARGET_LENGTH) : null;
	return { target, detail: { why: failure.detail.slice(0, DETAIL_BYTES) } };
}

function author({ by, source }: Pick<Asked, 'by' | 'source'>) {
	return { at: Date.now(), by: by.name, subject: by.subject, from: requestOrigin(by, source) };
}

function reasonOf<N extends OperationName>(name: N, input: InputOf<N>): string | null {
	return operationOf(name).audit?.reason?.(input) || null;
}

function resultOf(input: object, answered: Answer<unknown>): string {
	if (!answered.ok) return problemKind(answered.problem);
	return isUndoable(input) ? 'held' : 'done';
}

function unknownOperation(): Problem {
	const message = requestsText.unknownOperation(OPERATION_NAMES);
	return problem('invalid-input', `type: ${message}`, { errors: [{ path: 'type', message }] });
}

/** A command that can still be undone; what becomes of it, its Agent notes. */
function isUndoable(input: object): boolean {
	return 'undoMs' in input && Boolean(input.undoMs);
}

/** Without values that are too long for a record. */
function capped(detail: object): Record<string, Json> {
	return Object.fromEntries(
		Object.entries(detail).map(([key, value]) => [key, capJson(toJson(value), DETAIL_BYTES)])
	);
}
