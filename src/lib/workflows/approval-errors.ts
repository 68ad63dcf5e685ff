/** Somebody rejected, or nobody decided and the request said that this rejects it. */
export class ApprovalRejectedError extends Error {
	override readonly name = 'ApprovalRejectedError';
	readonly by: string | null;
	readonly reason: string | null;

	constructor(by: string | null = null, reason: string | null = null) {
		super(`Rejected${by === null ? '' : ` by ${by}`}${reason === null ? '' : `: ${reason}`}`);
		this.by = by;
		this.reason = reason;
	}
}

/** Nobody decided in time. */
export class ApprovalExpiredError extends Error {
	override readonly name = 'ApprovalExpiredError';

	constructor(title: string) {
		super(`Nobody decided in time: ${title}`);
	}
}
