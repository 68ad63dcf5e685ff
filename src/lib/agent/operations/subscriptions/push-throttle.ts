// How often changes are pushed: at once while little happens. While changes come without an end,
// pushes take a small share of the thread, so that reports are stored first.

/** The shortest time between two pushes, Ms: a frame. */
const FRAME_MS = 16;
/** While changes go on, pushes take one part in this many of the time. */
const SHARE = 16;
/** Pushes may run ahead of their share by this, so that single changes need not wait, Ms. */
const AHEAD_MS = 50;
/** However slow pushes are, there is one this often, Ms. */
const LONGEST_MS = 250;
/** What one subscription costs at least, Ms: in production a clock stands still while code runs. */
const SUBSCRIPTION_MS = 1;

/** Says when the next push may begin, by what the ones before have cost. */
export class PushThrottle {
	#began = -Infinity;
	/** What pushes have cost beyond their share, as of `#at`, Ms. */
	#owed = 0;
	#at = 0;

	/** How long the next push has to wait, Ms. */
	waitMs(now: number): number {
		const ahead = this.#owedAt(now) - AHEAD_MS;
		return Math.max(0, this.#began + FRAME_MS - now, Math.min(SHARE * ahead, LONGEST_MS));
	}

	/** Records what a push cost. */
	recordPush(push: { began: number; ended: number; subscriptions: number }): void {
		const { began, ended, subscriptions } = push;
		this.#owed = this.#owedAt(ended) + Math.max(ended - began, SUBSCRIPTION_MS * subscriptions);
		this.#at = ended;
		this.#began = began;
	}

	#owedAt(now: number): number {
		return Math.max(0, this.#owed - (now - this.#at) / SHARE);
	}
}
