// What is known of the line to the server, told in plain calls. An open socket proves nothing (an
// idle one can die without a close frame), so only what was heard counts.

/** What the connection mark says. */
export type LinkStatus = 'connecting' | 'live' | 'reconnecting' | 'stale' | 'refused';

/** How often a heartbeat is asked for. */
export const ASK_EVERY_MS = 2_000;
/** "Live" means that something was heard in this time. */
export const LIVE_FOR_MS = 5_000;
/** After this long without a word, what is on screen is called stale. */
export const STALE_AFTER_MS = 15_000;

/**
 * Judges the line from when it was opened, asked, heard and closed. All times are Ms on the
 * monotonic clock (`performance.now`): the wall clock can be set at any moment.
 */
export class Pulse {
	#since: number;
	#heardAt: number | null = null;
	#unansweredSince: number | null = null;
	#isOpen = false;
	#refusedAt: number | null = null;

	constructor(now: number) {
		this.#since = now;
	}

	/** A socket is open. It counts as live when something is heard on it. */
	opened(): void {
		this.#isOpen = true;
		this.#unansweredSince = null;
	}

	/** There is no socket any more, for now. */
	closed(): void {
		this.#isOpen = false;
		this.#unansweredSince = null;
	}

	/** A heartbeat was asked for. */
	asked(now: number): void {
		this.#unansweredSince ??= now;
	}

	/** Anything at all arrived. */
	heard(now: number): void {
		if (this.#heardAt === null || now - this.#heardAt > LIVE_FOR_MS) this.#since = now;
		this.#heardAt = now;
		this.#unansweredSince = null;
	}

	/** The server ended it for good. */
	refused(now: number): void {
		this.closed();
		this.#refusedAt = now;
	}

	/** It is tried again from the beginning. */
	renewed(now: number): void {
		this.closed();
		// Only an end begins anew: a silent line that is opened again and again still grows stale.
		if (this.#refusedAt !== null && this.#heardAt === null) this.#since = now;
		this.#refusedAt = null;
	}

	/** Open, but a heartbeat has gone unanswered for too long: it must be opened anew. */
	isSilent(now: number): boolean {
		return (
			this.#isOpen && this.#unansweredSince !== null && now - this.#unansweredSince > LIVE_FOR_MS
		);
	}

	/** The status, and the time from which it counts: for stale, when something was last heard. */
	read(now: number): { status: LinkStatus; since: number } {
		if (this.#refusedAt !== null) return { status: 'refused', since: this.#refusedAt };
		const quietSince = this.#heardAt ?? this.#since;
		const quietFor = now - quietSince;
		if (this.#isOpen && this.#heardAt !== null && quietFor <= LIVE_FOR_MS) {
			return { status: 'live', since: this.#since };
		}
		if (quietFor > STALE_AFTER_MS) return { status: 'stale', since: quietSince };
		if (this.#heardAt === null) return { status: 'connecting', since: quietSince };
		return { status: 'reconnecting', since: quietSince };
	}
}
