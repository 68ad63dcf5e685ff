// Believable runs for the fleet index, through its own intake.
import type { Report } from '../../src/lib/agent/rpc/agent-rpc';
import type { Run } from '../../src/lib/protocol';
import { fleetRun, NOW, seeded } from '../../tests/unit/support/runs';

const BATCH = 500;
const agent = { class: 'StoreAgent', name: 'bench', path: 'store-agent/bench' };

/** Hands reports of one Agent to a Signalbox with the doors of bench/app/worker.ts. */
export class Feeder {
	readonly #post: (path: string, body: unknown) => Promise<unknown>;
	#sequence = Date.now();

	constructor(post: (path: string, body: unknown) => Promise<unknown>) {
		this.#post = post;
	}

	/** Reports these runs as they are now. */
	async report(runs: Run[]): Promise<void> {
		const previous = this.#sequence;
		this.#sequence += 1;
		await this.#post('/bench/intake', {
			agent,
			sequence: this.#sequence,
			previous,
			runs: runs.map((run) => ({ run, version: this.#sequence, exact: true })),
			approvals: [],
			notes: []
		} satisfies Report);
	}

	/**
	 * Reports runs number `from` up to `until`, as if the fleet's "now" were today's.
	 * @param as what to make of a run, by its number
	 */
	async fill(
		from: number,
		until: number,
		as: (run: Run, index: number) => Run = (run) => run
	): Promise<void> {
		const random = seeded(42 + from);
		const later = Date.now() - NOW;
		for (let at = from; at < until; at += BATCH) {
			const size = Math.min(BATCH, until - at);
			const runs = Array.from({ length: size }, (_, index) =>
				as(fleetRun(at + index, until, random), at + index)
			);
			await this.report(runs.map((run) => moved(run, later)));
		}
	}
}

function moved(run: Run, by: number): Run {
	return {
		...run,
		createdAt: run.createdAt + by,
		startedAt: run.startedAt === null ? null : run.startedAt + by,
		updatedAt: run.updatedAt + by,
		finishedAt: run.finishedAt === null ? null : run.finishedAt + by
	};
}
