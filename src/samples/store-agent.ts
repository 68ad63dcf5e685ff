import { Agent } from 'agents';
import type { RunRef } from '../lib/protocol';
import type { CountRequest, AisleReport } from './stock-count/count-request';
import type { Product } from './catalog-import/catalog-rows';
import type { RefundParams } from './refund/refund-params';
import { signalboxAgent } from '../lib/agent';
import { AisleAgent } from './stock-count/aisle-agent';
import { FollowUps } from './follow-up/follow-ups';
import { Ledger, type LedgerEntry } from './refund/ledger';
import { Products, type CatalogTotals } from './catalog-import/products';
import { WriteOffs, type WriteOff } from './write-off/write-offs';

/** The synced state of a store; null before the first count. */
export type StoreState = {
	catalog: CatalogTotals | null;
	stock: { units: number; aisles: number; run: string } | null;
};

/** A store: `berlin`, `austin`, … Its workflows call these methods; all are safe to repeat. */
export class StoreAgent extends signalboxAgent(Agent)<Env, StoreState> {
	override initialState: StoreState = { catalog: null, stock: null };

	#products = new Products(this.ctx.storage);
	#ledger = new Ledger(this.ctx.storage.sql);
	#writeOffs = new WriteOffs(this.ctx.storage.sql);
	#followUps = new FollowUps(this.ctx.storage.sql);

	/** Adds or replaces products, by SKU. */
	async loadProducts(batch: Product[]): Promise<void> {
		this.#products.load(batch);
	}

	async catalogTotals(): Promise<CatalogTotals> {
		return this.#products.totals();
	}

	/** How often an order was refunded so far. */
	async refundsOf(order: string): Promise<number> {
		return this.#ledger.count(order);
	}

	/** Books a refund, once for each run. */
	async recordRefund(run: string, refund: RefundParams): Promise<LedgerEntry> {
		return this.#ledger.book(run, refund);
	}

	/** Books lost stock, once for each run. */
	async recordWriteOff(run: string, entry: WriteOff): Promise<WriteOff> {
		return this.#writeOffs.book(run, entry);
	}

	/** Records a reminder, once for each run. Returns the time of the first record, Ms. */
	async recordFollowUp(run: string, message: string): Promise<number> {
		const at = this.#followUps.record(run, message);
		this.broadcast(JSON.stringify({ type: 'follow-up', run, message, at }));
		return at;
	}

	/** Requests a count of one aisle. */
	async startAisleCount(aisle: string, request: CountRequest): Promise<void> {
		const agent = await this.dynamicAgents.get(AisleAgent, aisle);
		await agent.beginCount(aisle, request);
	}

	/** The report of an aisle; null while it counts. */
	async aisleReport(aisle: string, run: string): Promise<AisleReport | null> {
		const agent = await this.dynamicAgents.get(AisleAgent, aisle);
		return agent.reportOf(run);
	}

	/** Called by the Agent of an aisle that is done: wakes the run that waits for it. */
	async aisleCounted(parent: RunRef, eventType: string, report: AisleReport): Promise<void> {
		try {
			await this.sendWorkflowEvent(parent.workflow, parent.id, {
				type: eventType,
				payload: report
			});
		} catch (error) {
			// A run that has ended takes no events and needs none.
			if (!(await this.#hasEnded(parent.id))) throw error;
		}
	}

	async #hasEnded(stockCountId: string): Promise<boolean> {
		const run = await this.env.STOCK_COUNT.get(stockCountId);
		const { status } = await run.status();
		return status === 'complete' || status === 'errored' || status === 'terminated';
	}
}
