import { Agent, getAgentByName } from 'agents';
import type { AisleCountParams, AisleCountResult, AisleErrand, AisleReport } from './aisle-errand';
import { signalboxAgent } from '../../lib/agent';
import { AisleCounts, uncounted } from './aisle-counts';

/** What everyone who looks at an aisle sees; null before it was first counted. */
export type AisleState = { lastCount: AisleCountResult | null };

/** One aisle of a store, living inside its StoreAgent. Counts itself when the store asks. */
export class AisleAgent extends signalboxAgent(Agent)<Env, AisleState> {
	override initialState: AisleState = { lastCount: null };

	#counts = new AisleCounts(this.ctx.storage.sql);

	/**
	 * Starts the count that a run of the store asks for. Asked twice it starts one; asked in a new
	 * round it counts again; asked when it is done it tells again.
	 */
	async beginCount(aisle: string, errand: AisleErrand): Promise<void> {
		const { run, parent } = errand;
		const known = this.#counts.get(run);
		if (known?.started && known.errand.round === errand.round) {
			if (known.report) await this.#tell(errand, known.report);
			return;
		}
		this.#counts.begin(errand);
		if (this.getWorkflow(run)) {
			await this.restartWorkflow(run);
		} else {
			const params: AisleCountParams = { aisle };
			await this.runWorkflow('AISLE_COUNT', params, { id: run, metadata: { aisle }, parent });
		}
		this.#counts.started(run);
	}

	/** What a run found; null while it counts. The engine knows of runs ended behind our back. */
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

	/** A terminated run calls nobody back: whoever waits for it is told here. */
	override async terminateWorkflow(run: string): Promise<void> {
		await super.terminateWorkflow(run);
		await this.#report(uncounted(this.name, run, 'the count was terminated'));
	}

	/** A count that nobody sent for (started by hand) has nobody to tell. */
	async #report(report: AisleReport): Promise<void> {
		const known = this.#counts.get(report.run);
		if (!known) return;
		this.#counts.report(report);
		await this.#tell(known.errand, report);
	}

	async #tell({ parent, eventType }: AisleErrand, report: AisleReport): Promise<void> {
		const store = this.parentPath.at(-1);
		if (!store) throw new Error('An aisle lives inside a store.');
		const agent = await getAgentByName(this.env.StoreAgent, store.name);
		await agent.aisleCounted(parent, eventType, report);
	}
}
