import type { ChangeSet } from './change-set';

/** Something that follows the changes of the index. */
export interface ChangeListener {
	handleChanges(changes: ChangeSet): void;
}

/** Where everything that changes the index says so. */
export class ChangePublisher {
	#listeners: readonly ChangeListener[] = [];

	/** Some listeners publish changes themselves, so they cannot be constructor arguments. */
	setListeners(...listeners: ChangeListener[]): void {
		this.#listeners = listeners;
	}

	/** Tells subscriptions, counts of saved views and event streams what changed. */
	publishChanges(changes: ChangeSet): void {
		for (const listener of this.#listeners) listener.handleChanges(changes);
	}
}
