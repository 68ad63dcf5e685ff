// What is known of the line to the server, told in plain calls. An open socket proves nothing (an
// idle one can die without a close frame), so only what was heard counts.

/** What the connection mark says. */
export type LinkStatus = 'connecting' | 'live' | 'reconnecting' | 'stale' | 'refused';

/** How often a heartbeat is asked for. */
export const ASK_EVERY_MS = 2_000;
/** "Live" means that something was heard in this time, and that what is shown has been confirmed. */
export const LIVE_FOR_MS = 5_000;
/**
 * An open line on which what is shown stays unconfirmed for this long is opened anew: the server
 * answers heartbeats, but an answer to a subscription was lost.
 */
export const UNCONFIRMED_MS = 20_000;
/** So long after the line was lost, what is on screen is called stale. */
export const STALE_AFTER_MS = 3_000;
/** So long a first connection may take. */
export const CONNECT_FOR_MS = 15_000;

/**
 * Judges the line from when it was opened, asked, heard and closed. All times are Ms on the
 * monotonic clock (`performance.now`): the wall clock can be set at any moment.
 */
export class Pulse {
	/** When the present status began. */
	#since: number;
	#heardAt: number | null = null;
	/** When it was live last. */
	#liveAt: number | null = null;
	/** When a live line was closed; null since it is live again. */
	#lostAt: number | null = null;
	#isConfirmed = false;
	#unansweredSince: number | null = null;
	#unconfirmedSince: number | null = null;
	#isOpen = false;
	#refusedAt: number | null = null;

	constructor(now: number) {
		this.#since = now;
	}

	/** A socket is open. It counts as live when what is shown has been confirmed on it. */
	opened(): void {
		this.#isOpen = true;
		this.#isConfirmed = false;
		this.#unansweredSince = null;
		this.#unconfirmedSince = null;
	}

	/** There is no socket any more, for now. */
	closed(now: number): void {
		if (this.#isLive(now)) this.#lostAt = now;
		this.#isOpen = false;
		this.#isConfirmed = false;
		this.#unansweredSince = null;
	}

	/** A heartbeat was requested. */
	asked(now: number): void {
		this.#unansweredSince ??= now;
	}

	/** Anything at all arrived. @param isConfirmed does all that is shown come from this socket? */
	heard(now: number, isConfirmed: boolean): void {
		this.#heardAt = now;
		this.#unansweredSince = null;
		this.confirmed(now, isConfirmed);
	}

	/** Does all that is shown come from this socket? */
	confirmed(now: number, isConfirmed: boolean): void {
		this.#isConfirmed = isConfirmed;
		this.#unconfirmedSince = isConfirmed ? null : (this.#unconfirmedSince ?? now);
		if (!this.#isLive(now)) return;
		if (this.#liveAt === null || now - this.#liveAt > LIVE_FOR_MS) this.#since = now;
		this.#liveAt = this.#heardAt;
		this.#lostAt = null;
	}

	/** The server ended it for good. */
	refused(now: number): void {
		this.closed(now);
		this.#refusedAt = now;
	}

	/** It is tried again from the beginning. */
	renewed(now: number): void {
		this.closed(now);
		// Only an end begins anew: a silent line that is opened again and again still grows stale.
		if (this.#refusedAt !== null && this.#liveAt === null) this.#since = now;
		this.#refusedAt = null;
	}

	/** Open, but a heartbeat or a subscription has gone unanswered for too long. */
	mustReopen(now: number): boolean {
		const isOver = (since: number | null, limitMs: number) =>
			since !== null && now - since > limitMs;
		return (
			this.#isOpen &&
			(isOver(this.#unansweredSince, LIVE_FOR_MS) || isOver(this.#unconfirmedSince, UNCONFIRMED_MS))
		);
	}

	/** The status, and the time from which it counts: for stale, when it was live last. */
	read(now: number): { status: LinkStatus; since: number } {
		if (this.#refusedAt !== null) return { status: 'refused', since: this.#refusedAt };
		if (this.#isLive(now)) return { status: 'live', since: this.#since };
		if (this.#liveAt === null) {
			const status = now - this.#since > CONNECT_FOR_MS ? 'stale' : 'connecting';
			return { status, since: this.#since };
		}
		const isStale = now - (this.#lostAt ?? this.#liveAt) >= STALE_AFTER_MS;
		return { status: isStale ? 'stale' : 'reconnecting', since: this.#liveAt };
	}

	#isLive(now: number): boolean {
		if (!this.#isOpen || !this.#isConfirmed || this.#heardAt === null) return false;
		return now - this.#heardAt <= LIVE_FOR_MS;
	}
}
