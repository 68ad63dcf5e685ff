import { ProblemError } from '../../../protocol';
import type { MonitoredAgent } from '../../monitored-types';
import { SELF } from '../self';
import type { Notifications, Queued } from './notification-outbox';

/** Starts a run of NOTIFY for each notification, which sends it and retries by itself. */
export class NotificationStarter {
	readonly #notifications: Notifications;
	readonly #agent: Pick<MonitoredAgent, 'runWorkflow'>;

	constructor(notifications: Notifications, agent: Pick<MonitoredAgent, 'runWorkflow'>) {
		this.#notifications = notifications;
		this.#agent = agent;
	}

	/** Starts what is queued. Safe to repeat. @throws what the engine throws while it is unavailable */
	async startQueued(): Promise<void> {
		let queued = this.#notifications.queued();
		while (queued.length > 0) {
			for (const each of queued) await this.#startRun(each);
			queued = this.#notifications.queued();
		}
	}

	async #startRun({ id, ...metadata }: Queued): Promise<void> {
		const options = {
			id: `notify-${id}`,
			startedBy: SELF.name,
			startedBySubject: SELF.subject,
			metadata
		};
		try {
			await this.#agent.runWorkflow('NOTIFY', { notification: id }, options);
		} catch (error) {
			// It was started before a crash that came before this was recorded.
			if (!(error instanceof ProblemError && error.problem.status === 409)) throw error;
		}
		this.#notifications.started(id);
	}
}
