import type { Approval } from '$lib/protocol';
import { mergeRows, type InboxRowState } from './merge-rows';

type Sources = {
	/** Pending approvals, in order. */
	live: () => readonly Approval[];
	/** Recent decisions: how frozen rows look that are no longer pending. */
	decided: () => readonly Approval[];
	/** Identifies the current list; null while it loads. */
	listKey: () => string | null;
};

/**
 * Keeps rows in place while a pointer or the keyboard is on the list, so that nothing moves under
 * somebody who is about to decide. New rows are appended.
 */
export class FrozenRows {
	#sources: Sources;
	#frozen = $state.raw<{ listKey: string; rows: readonly Approval[] } | null>(null);
	#rows: readonly InboxRowState[] = $derived.by(() => {
		const { live, decided, listKey } = this.#sources;
		const frozen = this.#frozen?.listKey === listKey() ? this.#frozen?.rows : undefined;
		return mergeRows(frozen ?? [], live(), decided());
	});
	#inUse = { pointer: false, keys: false };

	constructor(sources: Sources) {
		this.#sources = sources;
	}

	get current(): readonly InboxRowState[] {
		return this.#rows;
	}

	/** Freezes the rows while they are in use, by pointer or keys, and releases them afterwards. */
	setInUse(by: 'pointer' | 'keys', isInUse: boolean): void {
		this.#inUse[by] = isInUse;
		const listKey = this.#sources.listKey();
		if (!this.#inUse.pointer && !this.#inUse.keys) this.#frozen = null;
		else if (listKey !== null && this.#frozen?.listKey !== listKey) {
			this.#frozen = { listKey, rows: this.#sources.live() };
		}
	}
}
