import type { ChangeSet } from './change-set';
import type { RunReaders } from './runs/run-readers';
import type { SubscriptionHub } from './subscriptions/subscription-hub';
import type { ViewCounter } from './subscriptions/view-counter';

/** Those who are told of every change. */
export type ChangeTargets = { hub: SubscriptionHub; counter: ViewCounter; readers: RunReaders };

/** Where everything that changes the index says so. */
export class ChangePublisher {
	#targets: ChangeTargets | undefined;

	/** Once, when the Agent is assembled: targets publish changes themselves. */
	setTargets(targets: ChangeTargets): void {
		this.#targets = targets;
	}

	/** Tells subscriptions, counts of saved views and event streams what changed. */
	publishChanges(changes: ChangeSet): void {
		const { hub, counter, readers } = this.#targets ?? {};
		hub?.pushChanges(changes);
		if (changes.runs.size > 0) counter?.recountViews();
		readers?.notifyListeners(changes.runs);
	}
}
