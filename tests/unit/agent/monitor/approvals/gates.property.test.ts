// Over random interleavings of what people and time do to several gates, with crashes in between,
// every gate gets exactly one outcome, or none while its quorum is open.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApprovalFollower } from '../../../../../src/lib/agent/monitor/approvals/approval-follower';
import { ApprovalStore } from '../../../../../src/lib/agent/monitor/approvals/approval-store';
import { Decisions } from '../../../../../src/lib/agent/monitor/approvals/decisions';
import { DecisionDelivery } from '../../../../../src/lib/agent/monitor/approvals/delivery';
import type { ApprovalAction } from '../../../../../src/lib/agent/rpc/agent-rpc';
import {
	DEADLINE_PERSON,
	EMPTY_HISTORY,
	gateOutcomeSchema,
	gateSchema,
	ProblemError,
	standingDecisions,
	type Approval,
	type Gate,
	type GateOutcome,
	type Json,
	type RunEvent,
	type RunFacts,
	type RunHistory
} from '../../../../../src/lib/protocol';
import { memoryStorage } from '../../../support/storage';

const PEOPLE = ['ana', 'ben', 'cleo', 'dan'] as const;
const REF = { workflow: 'GATED', id: 'r-1' };
class Crash extends Error {}

/** A run that waits at all its gates at once; an event opens the gate of its type. */
class Engine {
	now = 1_000_000;
	readonly open = new Set<string>();
	readonly received = new Map<string, GateOutcome[]>();
	failsNext: 'before' | 'after' | null = null;
	hasWorkflow = () => true;

	sendEvent = async (_ref: unknown, event: { type: string; payload: Json }): Promise<void> => {
		const fails = this.failsNext;
		this.failsNext = null;
		if (fails === 'before') throw new Crash();
		const outcomes = this.received.get(event.type) ?? [];
		this.received.set(event.type, [...outcomes, gateOutcomeSchema.parse(event.payload)]);
		this.open.delete(event.type);
		if (fails === 'after') throw new Crash();
	};

	history(): RunHistory {
		const waits = [...this.open].map((type) => ({ name: `${type}-1`, eventType: type, since: 0 }));
		return { ...EMPTY_HISTORY, phase: 'running', updatedAt: 0, waits };
	}
}

/** Dies before it has written that an event is on its way. */
class MortalStore extends ApprovalStore {
	diesNext = false;

	override setDelivery(...[id, delivery]: Parameters<ApprovalStore['setDelivery']>): void {
		if (this.diesNext && delivery === 'sending') {
			this.diesNext = false;
			throw new Crash();
		}
		super.setDelivery(id, delivery);
	}
}

class World {
	readonly engine = new Engine();
	readonly ids: string[] = [];
	readonly #storage = memoryStorage();
	store = this.#newStore();
	decisions = this.#newDecisions();

	constructor(gates: Gate[]) {
		this.store.migrate();
		gates.forEach((gate, index) => {
			const eventType = `approval-gate-${index}-0123456789abcdef0123`;
			this.store.gates.saveGate({ ref: REF, eventType, gate });
			this.engine.open.add(eventType);
			const started = { eventId: index + 1, timestamp: this.engine.now, type: 'wait_started' };
			const event = { ...started, stepName: `${eventType}-1`, eventType } as RunEvent;
			new ApprovalFollower(this.store, { addNote: () => undefined }).followEvents(
				FACTS,
				[event],
				this.engine.history()
			);
		});
		this.ids.push(...this.store.approvalsOf(REF).map(({ approval }) => approval.id));
	}

	/** All memory is lost; what is on disk stays. */
	restart(): void {
		this.store = this.#newStore();
		this.decisions = this.#newDecisions();
	}

	async do(command: Command): Promise<void> {
		switch (command.type) {
			case 'act': {
				const id = this.ids[command.gate % this.ids.length] ?? '';
				const from = { via: 'api', ip: null, userAgent: null } as const;
				const by = {
					subject: `local:${command.by}`,
					name: command.by,
					email: null,
					roles: ['approver' as const],
					from
				};
				return this.decisions.actOnApproval(id, command.act, by).then(
					() => undefined,
					(error: unknown) => {
						if (!(error instanceof ProblemError || error instanceof Crash)) throw error;
					}
				);
			}
			case 'wait':
				this.engine.now += command.ms;
				return this.#wake();
			case 'crash':
				if (command.where === 'before-sending') this.store.diesNext = true;
				else this.engine.failsNext = command.where === 'before-send' ? 'before' : 'after';
				return;
			case 'restart':
				this.restart();
				return this.#wake();
		}
	}

	/** Nothing fails any more, and time goes on until nothing is due. */
	async rest(): Promise<void> {
		this.engine.failsNext = null;
		this.restart();
		for (let look = 0; look < 4; look += 1) {
			this.engine.now += 100_000;
			await this.#wake();
		}
	}

	#wake(): Promise<void> {
		return this.decisions.runDueDecisions().catch((error: unknown) => {
			if (!(error instanceof Crash)) throw error;
		});
	}

	#newStore(): MortalStore {
		const outbox = { markChanged: () => undefined, removeEntry: () => undefined };
		return new MortalStore(this.#storage, outbox, { addNote: () => undefined });
	}

	#newDecisions(): Decisions {
		const now = () => this.engine.now;
		const tails = { catchUpRun: async () => undefined, attachRun: () => undefined };
		const delivery = new DecisionDelivery({
			engine: this.engine,
			runs: {
				findRun: () => ({
					facts: FACTS,
					history: this.engine.history(),
					version: 1,
					exact: true,
					nextReadAt: null,
					idleReads: 0
				})
			},
			approvals: this.store,
			tails,
			now
		});
		const reporter = { reportChanges: () => undefined };
		const runs = { findRun: () => null, events: { eventsOf: () => [] } as never };
		const notes = { addNote: () => undefined };
		return new Decisions({ approvals: this.store, runs, notes, tails, delivery, reporter, now });
	}
}

const FACTS: RunFacts = {
	ref: REF,
	generation: 1,
	agent: { class: 'StoreAgent', name: 'berlin', path: 'store-agent/berlin' },
	parent: null,
	metadata: {},
	params: null,
	progress: null,
	startedBy: 'ana',
	createdAt: 0,
	touchedAt: 0,
	lost: false
};

type Command =
	| { type: 'act'; gate: number; by: string; act: ApprovalAction }
	| { type: 'wait'; ms: number }
	| { type: 'crash'; where: 'before-sending' | 'before-send' | 'after-send' }
	| { type: 'restart' };

const gates = fc.record({
	title: fc.constant('May it?'),
	description: fc.constant(null),
	facts: fc.constant({}),
	form: fc.constant(null),
	initial: fc.constant(null),
	approvers: fc.constantFrom(['approver'], ['ben', 'cleo'], ['cleo']),
	quorum: fc.integer({ min: 1, max: 3 }),
	requestedBy: fc.constantFrom(null, 'ben'),
	allowRequester: fc.boolean(),
	timeoutMs: fc.constantFrom(null, 5_000, 20_000),
	onTimeout: fc.constantFrom('reject', 'approve', 'fail'),
	escalateAfterMs: fc.constantFrom(null, 3_000),
	escalateTo: fc.constant(['approver']),
	severity: fc.constant('normal')
});

const decide = fc.record({
	type: fc.constant('decide' as const),
	decision: fc.record({
		approved: fc.boolean(),
		reason: fc.constant('because'),
		undoMs: fc.constantFrom(0, 0, 2_000, 8_000)
	})
});
const verb = fc.record({
	type: fc.constantFrom('undo' as const, 'deliver-now', 'claim', 'release')
});
const handOver = fc.record({
	type: fc.constant('hand-over' as const),
	to: fc.constantFrom(...PEOPLE)
});
const acting = fc.record({
	type: fc.constant('act' as const),
	gate: fc.nat({ max: 3 }),
	by: fc.constantFrom(...PEOPLE),
	act: fc.oneof({ arbitrary: decide, weight: 5 }, { arbitrary: verb, weight: 3 }, handOver)
});
const commands: fc.Arbitrary<Command> = fc.oneof(
	{ arbitrary: acting, weight: 6 },
	fc.record({ type: fc.constant('wait' as const), ms: fc.constantFrom(1, 1_000, 4_000, 9_000) }),
	fc.record({
		type: fc.constant('crash' as const),
		where: fc.constantFrom('before-sending' as const, 'before-send', 'after-send')
	}),
	fc.constant({ type: 'restart' as const })
);
/** Commands of one batch come at once. */
const batches = fc.array(fc.array(commands, { minLength: 1, maxLength: 3 }), { maxLength: 14 });

function check(world: World, isAtRest: boolean): void {
	for (const id of world.ids) {
		const stored = world.store.findApproval(id);
		if (!stored) throw new Error(`${id} is gone`);
		const { approval } = stored;
		const outcomes = world.engine.received.get(approval.eventType) ?? [];
		expect(outcomes.length, 'outcomes of one gate').toBeLessThanOrEqual(1);
		const [outcome] = outcomes;
		if (outcome) expect(outcome.outcome).toBe(approval.status);
		if (approval.status === 'pending') expect(outcomes).toEqual([]);
		if (isAtRest && approval.status !== 'pending') {
			expect(outcomes).toHaveLength(1);
			expect(stored.delivery).toBe('delivered');
		}
		checkPolicy(approval);
	}
}

function checkPolicy(approval: Approval): void {
	const standing = standingDecisions(approval);
	const people = standing.filter(({ by }) => by !== DEADLINE_PERSON);
	expect(new Set(people.map(({ by }) => by)).size, 'each once').toBe(people.length);
	if (!approval.allowRequester) {
		expect(people.map(({ by }) => by)).not.toContain(approval.requestedBy);
	}
	if (!approval.approvers.includes('approver')) {
		for (const { by } of people) expect(approval.approvers).toContain(by);
	}
	const isByDeadline = standing.some(({ by }) => by === DEADLINE_PERSON);
	const yes = people.filter(({ approved }) => approved).length;
	if (approval.status === 'pending') {
		expect(yes).toBeLessThan(approval.quorum);
		expect(yes).toBe(people.length);
	} else if (approval.status === 'approved' && !isByDeadline) {
		expect(yes).toBe(approval.quorum);
	} else if (approval.status === 'rejected' && !isByDeadline) {
		expect(people.length - yes).toBe(1);
	}
}

describe('gates', () => {
	it('get exactly one outcome each, or none while their quorum is open', async () => {
		const worlds = fc.array(gates, { minLength: 1, maxLength: 4 });
		const seen = { approved: 0, rejected: 0, expired: 0, pending: 0, undone: 0 };
		await fc.assert(
			fc.asyncProperty(worlds, batches, async (asked, given) => {
				const world = new World(asked.map((gate) => gateSchema.parse(gate)));
				for (const batch of given) {
					await Promise.all(batch.map((command) => world.do(command)));
					check(world, false);
				}
				await world.rest();
				check(world, true);
				for (const { approval } of world.store.approvalsOf(REF)) {
					const { status } = approval;
					if (status !== 'cancelled' && status !== 'decided-outside') seen[status] += 1;
					if (approval.decisions.some(({ undone }) => undone)) seen.undone += 1;
				}
			}),
			{ numRuns: 300 }
		);
		// Worth something only when it came to all of them.
		for (const [end, count] of Object.entries(seen)) expect(count, end).toBeGreaterThan(0);
	});

	it('keep a held rejection when somebody else takes an approval back', async () => {
		const gate = {
			...{ title: 'May it?', description: null, facts: {}, form: null, initial: null },
			...{ approvers: ['approver'], quorum: 2, requestedBy: null, allowRequester: true },
			...{ timeoutMs: null, onTimeout: 'reject', escalateAfterMs: null },
			...{ escalateTo: [], severity: 'normal' }
		};
		const world = new World([gateSchema.parse(gate)]);
		const act = (by: string, asked: ApprovalAction) =>
			world.do({ type: 'act', gate: 0, by, act: asked });
		await act('ana', { type: 'decide', decision: { approved: true } });
		await act('dan', {
			type: 'decide',
			decision: { approved: false, reason: 'No.', undoMs: 8_000 }
		});
		await act('ana', { type: 'undo' });
		check(world, false);
		await world.rest();
		check(world, true);
		expect(world.store.approvalsOf(REF).map(({ approval }) => approval.status)).toEqual([
			'rejected'
		]);
	});
});
