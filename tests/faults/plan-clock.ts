const TICK_MS = 25;

/**
 * The time of a plan. It goes with the real one, and stands still while more is under way than the
 * machine can carry: a slow machine plays the same plan, only slower.
 */
export class PlanClock {
	readonly #isHeld: () => boolean;
	#nowMs = 0;
	#waiting: { atMs: number; wake: () => void }[] = [];
	#timer: ReturnType<typeof setInterval> | null = null;
	#tickedAt = 0;

	constructor(isHeld: () => boolean) {
		this.#isHeld = isHeld;
	}

	start(): void {
		this.#tickedAt = Date.now();
		this.#timer ??= setInterval(() => this.#tick(), TICK_MS);
	}

	stop(): void {
		if (this.#timer !== null) clearInterval(this.#timer);
	}

	/** Resolves when the plan has come to this time, Ms. */
	until(atMs: number): Promise<void> {
		return new Promise((wake) => this.#waiting.push({ atMs, wake }));
	}

	#tick(): void {
		const now = Date.now();
		const passed = now - this.#tickedAt;
		this.#tickedAt = now;
		if (this.#isHeld()) return;
		this.#nowMs += Math.min(passed, 4 * TICK_MS);
		const due = this.#waiting.filter(({ atMs }) => atMs <= this.#nowMs);
		this.#waiting = this.#waiting.filter(({ atMs }) => atMs > this.#nowMs);
		for (const { wake } of due.toSorted((a, b) => a.atMs - b.atMs)) wake();
	}
}
