import { runKey, type RunRef } from '../../src/lib/protocol';
import type { DecisionReply } from './compare';

type Entry = { at: number; run: string | null; text: string };

/** What was done to whom and when, and what was answered: what a comparison goes by. */
export class Chronicle {
	readonly startedAt = Date.now();
	readonly replies: DecisionReply[] = [];
	/** The paths of Agents that a fault has deleted. */
	readonly deletedAgents = new Set<string>();
	readonly #entries: Entry[] = [];
	readonly #restarts = new Map<string, { least: number; most: number }>();
	#isAloud: boolean;

	constructor(isAloud: boolean) {
		this.#isAloud = isAloud;
	}

	/** Notes a fault; without a run it befell all that were under way. */
	note(text: string, run: RunRef | null = null): void {
		const entry = { at: Date.now(), run: run && runKey(run), text };
		this.#entries.push(entry);
		if (this.#isAloud) console.log(this.#line(entry));
	}

	/** Notes a restart that was asked for; `certain` when it was answered that it was done. */
	restarted(run: RunRef, certain: boolean): void {
		const { least, most } = this.restartsOf(run);
		this.#restarts.set(runKey(run), { least: least + (certain ? 1 : 0), most: most + 1 });
	}

	restartsOf(run: RunRef): { least: number; most: number } {
		return this.#restarts.get(runKey(run)) ?? { least: 0, most: 0 };
	}

	/** What befell a run between two times (Ms), a line each. */
	of(run: RunRef, from: number, to: number): string[] {
		return this.#entries
			.filter((entry) =>
				entry.run === null ? entry.at >= from && entry.at <= to : entry.run === runKey(run)
			)
			.map((entry) => this.#line(entry));
	}

	#line({ at, run, text }: Entry): string {
		const seconds = ((at - this.startedAt) / 1000).toFixed(2).padStart(7);
		return `${seconds} s  ${text}${run ? `  ${run}` : ''}`;
	}
}
