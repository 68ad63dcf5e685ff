import { Agent, getAgentByName } from 'agents';
import type {
	AisleCountParams,
	AisleCountResult,
	CountRequest,
	AisleReport
} from './count-request';
import { signalboxAgent } from '../../lib/agent';
import { AisleCounts, uncounted } from './aisle-counts';

/** The synced state of an aisle; null before the first count. */
export type AisleState = { lastCount: AisleCountResult | null };

/** One aisle of a store, a sub-agent of its StoreAgent. Starts counts at the store's request. */
export class AisleAgent extends signalboxAgent(Agent)<Env, AisleState> {
	override initialState: AisleState = { lastCount: null };

	#counts = new AisleCounts(this.ctx.storage.sql);

	/**
	 * Starts the count that a run of the store requests. A repeated request starts no second run, one
	 * of a new round counts again, and one after the end reports again.
	 */
	async beginCount(aisle: string, request: CountRequest): Promise<void> {
		const { run, parent } = request;
		const known = this.#counts.get(run);
		if (known?.started && known.request.round === request.round) {
			if (known.report) await this.#sendReport(request, known.report);
			return;
		}
		this.#counts.begin(request);
		if (this.getWorkflow(run)) {
			await this.restartWorkflow(run);
		} else {
			const params: AisleCountParams = { aisle };
			await this.runWorkflow('AISLE_COUNT', params, { id: run, metadata: { aisle }, parent });
		}
		this.#counts.started(run);
	}

	/** The report of a run; null while it counts. Asks the engine, as the run may have ended outside. */
	async reportOf(run: string): Promise<AisleReport | null> {
		const known = this.#counts.get(run);
		if (known?.report) return known.report;
		const instance = await this.env.AISLE_COUNT.get(run);
		const { status } = await instance.status();
		return status === 'terminated' || status === 'errored'
			? uncounted(this.name, run, `the count was ${status}`)
			: null;
	}

	override async onWorkflowComplete(
		workflow: string,
		run: string,
		result?: unknown
	): Promise<void> {
		await super.onWorkflowComplete(workflow, run, result);
		// Only AISLE_COUNT runs here, and this is what it reports.
		const { aisle, bays, units } = result as AisleCountResult;
		await this.#report({ aisle, run, bays, units, error: null });
	}

	override async onWorkflowError(workflow: string, run: string, error: string): Promise<void> {
		await super.onWorkflowError(workflow, run, error);
		await this.#report(uncounted(this.name, run, error));
	}

	/** A terminated run makes no callback, so the waiting run is told here. */
	override async terminateWorkflow(run: string): Promise<void> {
		await super.terminateWorkflow(run);
		await this.#report(uncounted(this.name, run, 'the count was terminated'));
	}

	/** A count that was started by hand has no waiting run. */
	async #report(report: AisleReport): Promise<void> {
		const known = this.#counts.get(report.run);
		if (!known) return;
		this.#counts.report(report);
		await this.#sendReport(known.request, report);
	}

	async #sendReport({ parent, eventType }: CountRequest, report: AisleReport): Promise<void> {
		const store = this.parentPath.at(-1);
		if (!store) throw new Error('An AisleAgent must be a sub-agent of a StoreAgent.');
		const agent = await getAgentByName(this.env.StoreAgent, store.name);
		await agent.aisleCounted(parent, eventType, report);
	}
}
