import type { Change, ClientFrameInput, ViewInput } from '$lib/protocol';

/** A subscription that begins while the connection is up is answered in this time, Ms. */
export const CONFIRM_WITHIN_MS = 10_000;

type Subscription = {
	view: ViewInput;
	onChange: (change: Change) => void;
	/** What was received for it may be old: nothing has arrived since it was requested last. */
	isConfirmed: boolean;
	/** Until then a missing answer is no sign of trouble, Ms on the monotonic clock. */
	dueAt: number;
};

/** What the page is subscribed to, so that it can be requested again on each new socket. */
export class Subscriptions {
	readonly #send: (frame: ClientFrameInput) => boolean;
	readonly #byId = new Map<string, Subscription>();
	#last = 0;

	/** @param send sends a frame; false when there is no connection */
	constructor(send: (frame: ClientFrameInput) => boolean) {
		this.#send = send;
	}

	/** Begins a subscription; returns what ends it. */
	add(view: ViewInput, onChange: (change: Change) => void): () => void {
		const id = `w${++this.#last}`;
		const isSent = this.#send({ type: 'watch', watch: id, view });
		const dueAt = isSent ? performance.now() + CONFIRM_WITHIN_MS : 0;
		this.#byId.set(id, { view, onChange, isConfirmed: false, dueAt });
		return () => {
			if (this.#byId.delete(id)) this.#send({ type: 'unwatch', watch: id });
		};
	}

	/** Requests every subscription again: a new socket has none. */
	renew(): void {
		for (const [id, subscription] of this.#byId) {
			Object.assign(subscription, { isConfirmed: false, dueAt: 0 } satisfies Partial<Subscription>);
			this.#send({ type: 'watch', watch: id, view: subscription.view });
		}
	}

	/** Hands on a change. One for a subscription that has just ended concerns nobody. */
	take(id: string, change: Change): void {
		const subscription = this.#byId.get(id);
		if (!subscription) return;
		subscription.isConfirmed = true;
		subscription.onChange(change);
	}

	/** Has the Agent answered everything that it was asked for on this socket? */
	areConfirmed(): boolean {
		const now = performance.now();
		return [...this.#byId.values()].every(({ isConfirmed, dueAt }) => isConfirmed || now < dueAt);
	}
}
