import { DEADLINE_PERSON } from '../protocol';
import { workflowErrorText } from '../messages/server/workflow-errors';

/** Somebody rejected, or the deadline passed and `onTimeout` of the request is `reject`. */
export class ApprovalRejectedError extends Error {
	override readonly name = 'ApprovalRejectedError';
	readonly by: string | null;
	readonly reason: string | null;

	constructor(by: string | null = null, reason: string | null = null) {
		super(workflowErrorText.rejected(by === DEADLINE_PERSON ? null : by, reason));
		this.by = by;
		this.reason = reason;
	}
}

/** The deadline passed without a decision. */
export class ApprovalExpiredError extends Error {
	override readonly name = 'ApprovalExpiredError';

	constructor(title: string) {
		super(workflowErrorText.expired(title));
	}
}
