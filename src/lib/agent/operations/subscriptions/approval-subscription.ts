import { problem, runKey, toRunRow, type Change, type RunRef, type View } from '../../../protocol';
import type { ChangeSet } from '../change-set';
import { agentErrorText } from '../../../messages/server/agent-errors';
import { refusedChange, type Subscription } from './subscription';
import type { SubscriptionSources } from './subscription-sources';

/** One approval, its run, who else has it open, and what earlier approvals of its step tell. */
export class ApprovalSubscription implements Subscription {
	readonly run: RunRef | null;
	readonly #id: string;
	readonly #sources: SubscriptionSources;
	#sent = '';

	constructor({ id }: Extract<View, { kind: 'approval' }>, sources: SubscriptionSources) {
		this.#id = id;
		this.#sources = sources;
		const approval = sources.fleet.approval(id);
		this.run = approval && { workflow: approval.workflow, id: approval.runId };
	}

	changeAfter(changes: ChangeSet | 'all'): Change | null {
		const isConcerned =
			changes === 'all' ||
			changes.approvals ||
			(this.run !== null && changes.runs.has(runKey(this.run)));
		if (!isConcerned) return null;
		const change = this.#read();
		const text = JSON.stringify(change);
		if (text === this.#sent && changes !== 'all') return null;
		this.#sent = text;
		return change;
	}

	#read(): Change {
		const { fleet, registry } = this.#sources;
		const approval = fleet.approval(this.#id);
		if (!approval) {
			const detail = agentErrorText.unknownApproval(this.#id);
			return refusedChange(problem('unknown-approval', detail));
		}
		const record = fleet.run(runKey({ workflow: approval.workflow, id: approval.runId }));
		return {
			kind: 'approval',
			approval,
			run: record && toRunRow(record.run),
			watchers: registry.peopleAt(this.#id).filter((name) => name !== fleet.by.name),
			precedent: fleet.precedent(approval)
		};
	}
}
