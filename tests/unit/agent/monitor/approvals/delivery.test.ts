import { describe, expect, it } from 'vitest';
import type {
	Delivery,
	StoredApproval
} from '../../../../../src/lib/agent/monitor/approvals/stored-approval';
import type { GateStore } from '../../../../../src/lib/agent/monitor/approvals/gate-store';
import {
	DecisionDelivery,
	type DecisionDeliveryParts
} from '../../../../../src/lib/agent/monitor/approvals/delivery';
import { approvalSchema, EMPTY_HISTORY, type RunHistory } from '../../../../../src/lib/protocol';

const REF = { workflow: 'TWO_GATES', id: 'x1' };
class Crash extends Error {}

/** An engine with two gates in a row, of one event type: a second event opens the second gate. */
class Gates {
	open = ['gate-1', 'gate-2'];
	received = 0;
	kept = 0;
	paused = false;
	movedAt = 0;

	send(now: number): void {
		this.received += 1;
		if (this.paused) this.kept += 1;
		else this.pass(now);
	}

	resume(now: number): void {
		this.paused = false;
		this.movedAt = now;
	}

	/** What a resumed run does a moment later. */
	settle(now: number): void {
		for (; this.kept > 0 && !this.paused; this.kept -= 1) this.pass(now);
	}

	pass(now: number): void {
		this.open = this.open.slice(1);
		this.movedAt = now;
	}

	history(): RunHistory {
		const [name] = this.open;
		return {
			...EMPTY_HISTORY,
			phase: this.paused ? 'paused' : 'running',
			updatedAt: this.movedAt,
			waits: name ? [{ name, eventType: 'approval', since: 0 }] : []
		};
	}
}

function decided(delivery: Delivery): StoredApproval {
	return {
		wait: 'gate-1',
		delivery,
		approval: approvalSchema.parse({
			id: 'ap_123456',
			workflow: REF.workflow,
			runId: REF.id,
			generation: 1,
			agent: { class: 'StoreAgent', name: 'berlin', path: 'store-agent/berlin' },
			step: 'gate',
			eventType: 'approval',
			title: 'May it?',
			description: null,
			facts: {},
			form: null,
			status: 'approved',
			requestedAt: 0,
			expiresAt: null,
			approvers: ['approver'],
			quorum: 1,
			decisions: [{ by: 'ana', at: 1, approved: true, reason: null, data: null }]
		})
	};
}

/** One life of an Agent: what it has on disk outlives it, and it can die at a step. */
class Life {
	now = 10_000;
	delivery: Delivery = 'taken';
	known: RunHistory;

	constructor(readonly engine: Gates) {
		this.known = engine.history();
	}

	async deliver(dieAt?: 'before-sending' | 'before-send' | 'after-send'): Promise<void> {
		const parts: DecisionDeliveryParts = {
			now: () => this.now,
			runs: {
				findRun: () => ({
					facts: { generation: 1 } as never, // all that delivery reads of the facts
					history: this.known,
					version: 1,
					exact: true,
					nextReadAt: null,
					idleReads: 0
				})
			},
			approvals: {
				gates: { findGate: () => null } as unknown as GateStore,
				setDelivery: (_id, delivery) => {
					if (dieAt === 'before-sending' && delivery === 'sending') throw new Crash();
					if (dieAt === 'after-send' && delivery === 'delivered') throw new Crash();
					this.delivery = delivery;
				}
			},
			tails: {
				catchUpRun: async () => {
					this.known = this.engine.history();
				},
				attachRun: () => undefined
			},
			engine: {
				hasWorkflow: () => true,
				sendEvent: async () => {
					if (dieAt === 'before-send') throw new Crash();
					this.engine.send(this.now);
				}
			}
		};
		const delivery = new DecisionDelivery(parts);
		await delivery.deliverDecision(decided(this.delivery)).catch((error: unknown) => {
			if (!(error instanceof Crash)) throw error;
		});
	}
}

describe('a decision on its way to the engine', () => {
	it('is delivered once when nothing fails', async () => {
		const life = new Life(new Gates());
		await life.deliver();
		await life.deliver();
		expect(life.engine.received).toBe(1);
		expect(life.engine.open).toEqual(['gate-2']);
		expect(life.delivery).toBe('delivered');
	});

	for (const dieAt of ['before-sending', 'before-send', 'after-send'] as const) {
		for (const paused of [false, true]) {
			it(`is delivered once when the Agent dies ${dieAt}${paused ? ' and the run is paused' : ''}`, async () => {
				const life = new Life(new Gates());
				life.engine.paused = paused;
				life.known = life.engine.history();
				await life.deliver(dieAt);
				for (let wake = 0; wake < 3; wake += 1) {
					life.now += 3_000;
					await life.deliver();
				}
				if (paused) {
					life.engine.resume(life.now);
					life.now += 10;
					await life.deliver(); // it has moved just now: nothing may be sent again yet
					life.engine.settle(life.now);
					life.now += 3_000;
					await life.deliver();
				}
				expect(life.engine.received).toBe(1);
				expect(life.engine.open).toEqual(['gate-2']);
				expect(life.delivery).toBe('delivered');
			});
		}
	}

	it('is not sent to a wait that is over', async () => {
		const life = new Life(new Gates());
		life.engine.pass(life.now);
		life.known = life.engine.history();
		await life.deliver();
		expect(life.engine.received).toBe(0);
		expect(life.delivery).toBe('delivered');
	});
});
