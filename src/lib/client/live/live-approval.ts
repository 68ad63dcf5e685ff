import type { Change, ChangeOf } from '$lib/protocol';
import type { Connection } from '../socket/connection.svelte';
import { LiveView } from './live-view.svelte';

/** One approval with its run, who else looks at it, and what earlier ones tell. */
export type ApprovalModel = Omit<ChangeOf<'approval'>, 'kind'>;

/** A live approval. Whoever looks at it is seen by the others who do. */
export class LiveApproval extends LiveView<ApprovalModel> {
	constructor(connection: Connection, id: () => string) {
		super(connection, () => ({ kind: 'approval', id: id() }), applyToApproval);
	}

	/** The approval looked at now; never the one before it. */
	override get current(): ApprovalModel | undefined {
		return this.previous ? undefined : super.current;
	}
}

function applyToApproval(before: ApprovalModel | undefined, change: Change) {
	return change.kind === 'approval' ? change : before;
}
