import { runIdSchema, type RunRef } from '../../protocol';
import type { AgentCheck } from '../rpc/agent-rpc';
import type { RunIntake } from './commands/run-intake';
import type { SdkTracking } from './history/sdk-tracking';
import type { Tails } from './history/tails';
import type { Reporter } from './reporter';
import type { Outbox } from './store/outbox';
import type { AgentRunStore } from './store/run-store';

/** So many of the SDK's rows are compared. */
const MOST_ROWS = 5_000;
/** So many runs are named. */
const MOST_NAMED = 100;

export type SelfCheckParts = {
	outbox: Outbox;
	runs: Pick<AgentRunStore, 'hasRun'>;
	sdk: SdkTracking;
	intake: RunIntake;
	tails: Pick<Tails, 'attachRun'>;
	reporter: Pick<Reporter, 'reportChanges'>;
};

/** What an Agent finds out about itself for the doctor. */
export class SelfCheck {
	readonly #parts: SelfCheckParts;

	constructor(parts: SelfCheckParts) {
		this.#parts = parts;
	}

	checkAgent(): AgentCheck {
		// The versions of runs and approvals are times; those of notes are not.
		const unsent = this.#parts.outbox.entries();
		const times = unsent.flatMap(({ kind, version }) => (kind === 'note' ? [] : [version]));
		return {
			unsent: unsent.length,
			oldestAt: times.length > 0 ? Math.min(...times) : null,
			untracked: this.#untrackedRuns().slice(0, MOST_NAMED)
		};
	}

	/** Monitors the runs that only the SDK tracks. Returns their number. Safe to repeat. */
	trackRuns(): number {
		const { intake, tails, reporter } = this.#parts;
		const untracked = this.#untrackedRuns();
		for (const ref of untracked) {
			intake.recordUnknownRun(ref);
			tails.attachRun(ref);
		}
		reporter.reportChanges();
		return untracked.length;
	}

	#untrackedRuns(): RunRef[] {
		const { sdk, runs } = this.#parts;
		return sdk
			.trackedRuns(MOST_ROWS)
			.filter((ref) => runIdSchema.safeParse(ref.id).success && !runs.hasRun(ref));
	}
}
