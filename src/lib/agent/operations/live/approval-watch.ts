import { problem, runKey, toRunRow, type Change, type RunRef, type View } from '../../../protocol';
import type { Touched } from './changes';
import type { Watch, WatchHost } from './watch-contract';

/** One approval, its run, who else looks at it, and what earlier ones of its step tell. */
export class ApprovalWatch implements Watch {
	readonly run: RunRef | null;
	readonly #id: string;
	readonly #host: WatchHost;
	#sent = '';

	constructor({ id }: Extract<View, { kind: 'approval' }>, host: WatchHost) {
		this.#id = id;
		this.#host = host;
		const approval = host.fleet.approvals.get(id);
		this.run = approval && { workflow: approval.workflow, id: approval.runId };
	}

	next(touched: Touched | 'all'): Change | null {
		const isTouched =
			touched === 'all' ||
			touched.approvals ||
			(this.run !== null && touched.runs.has(runKey(this.run)));
		if (!isTouched) return null;
		const change = this.#read();
		const text = JSON.stringify(change);
		if (text === this.#sent && touched !== 'all') return null;
		this.#sent = text;
		return change;
	}

	#read(): Change {
		const { fleet, othersAt } = this.#host;
		const approval = fleet.approvals.get(this.#id);
		if (!approval) {
			const detail = `There is no approval ${this.#id}.`;
			return { kind: 'refused', problem: problem('unknown-approval', detail) };
		}
		const record = fleet.runs.get(runKey({ workflow: approval.workflow, id: approval.runId }));
		return {
			kind: 'approval',
			approval,
			run: record && toRunRow(record.run),
			watchers: othersAt(this.#id),
			precedent: fleet.history.precedent(approval)
		};
	}
}
