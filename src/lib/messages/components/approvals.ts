import { translated } from '../locale';
import { formatNumber, plural } from '../plural';

const en = {
	severity: { low: 'Low', normal: 'Normal', high: 'High', critical: 'Critical' },
	/** Read aloud after the severity. */
	severityNote: ' severity',
	select: (title: string) => `Select ${title}`,
	outlier: (reason: string) => `Different: ${reason}`,
	requestedBy: (name: string) => `requested by ${name}`,
	/** `{duration}` is how long it has waited. */
	waitingFor: 'waiting for {duration}',
	claimedBy: (name: string) => `Claimed by ${name}`,

	claim: 'Claim',
	release: 'Release',
	handOver: 'Hand over',
	approve: 'Approve',
	reject: 'Reject',
	comment: 'Comment',
	reason: 'Reason',
	reasonRequired: 'A reason is required to reject',

	decisionTitle: (verb: string, title: string) => `${verb}: ${title}`,
	noLongerPending: 'This approval is no longer pending: it was decided, or its run ended.',
	handOverTitle: (title: string) => `Hand over: ${title}`,
	handOverDetail: 'After that, only they can decide, until they or an admin release it.',
	handOverTo: 'To',
	handOverHint: 'A name or an email address of a Signalbox user',
	refused: (title: string) => `${title}.`,
	inputKept: 'Your input is kept.',

	/** `{who}` decided. */
	approvedBy: '{who} approved',
	rejectedBy: '{who} rejected',
	/** Stands for `{who}` when the deadline decided. */
	timedOut: 'Deadline passed:',
	/** `{time}` is when it was undone. */
	undone: 'Undone {time}',
	via: { page: 'on the page', api: 'through the HTTP API', agent: 'by the Agent’s code' },
	viaFrom: (via: string, ip: string) => `${via}, from ${ip}`,

	/** A decision that is held for a moment. */
	heldApproved: (by: string | null) => (by === null ? 'Approved' : `Approved by ${by}`),
	heldRejected: (by: string | null) => (by === null ? 'Rejected' : `Rejected by ${by}`),
	heldTitle: (decision: string) => `${decision}:`,
	heldSentence: (decision: string) => `${decision}.`,
	deliveredIn: (seconds: number) => `Delivered in ${seconds} s`,
	delivering: 'Delivering…',
	onlyTheyUndo: (by: string) => `Only ${by} can undo it.`,
	somebody: 'Somebody',
	undo: 'Undo',
	deliverNow: 'Deliver now',

	/** What happens when time runs out. */
	expiresIn: {
		reject: (left: string) => `expires in ${left}, then rejected`,
		approve: (left: string) => `expires in ${left}, then approved`,
		fail: (left: string) => `expires in ${left}, then the wait times out`
	},
	/** For what a newer server does at the deadline, in its own word. */
	expiresInOther: (left: string, then: string) => `expires in ${left} (${then})`,
	expired: 'deadline passed',
	expiresSoon: 'Expires soon.',
	expiredNow: 'The deadline has passed.',
	expiresSoonDetail: (deadline: string) => `It ${deadline}.`,

	quorum: (given: number, required: number) => `${given} of ${required} approved`,
	quorumDetail: (names: readonly string[], missing: string) =>
		names.length === 0 ? missing : `by ${names.join(', ')}; ${missing}`,
	missing: (approvals: number) =>
		plural(approvals, { one: '# more approval needed', other: '# more approvals needed' }),

	identityUnknown: 'Your identity is not known yet',
	ownRequest: 'You requested this approval: somebody else has to decide',
	alreadyApproved: (missing: string) => `You already approved: ${missing}`,
	claimedByOther: (name: string) => `Claimed by ${name}: ask them to release it`,
	notAnApprover: (approvers: string) => `You are not one of the approvers: ${approvers}`,
	group: (name: string) => `group ${name}`,

	critical: 'critical requests are decided one by one',
	formIncomplete: 'its form must be filled in',

	onApprove: 'On approve',
	approveConsequence: 'The run continues.',
	onReject: 'On reject',
	rejectConsequence: 'The run ends as rejected, unless the workflow handles rejections.',
	/** What previous runs did after the same decision. */
	previousRuns: (summary: string) => `Previous runs: ${summary}`,
	previousRunsBasis: (runs: number) =>
		plural(runs, {
			one: '(from # previous run of this step)',
			other: '(from # previous runs of this step)'
		}),
	noPreviousRuns: 'No previous runs to compare with.',
	ended: {
		completed: (runs: number) => `${formatNumber(runs)} completed`,
		rejected: (runs: number) => `${formatNumber(runs)} rejected`,
		expired: (runs: number) => `${formatNumber(runs)} expired`,
		failed: (runs: number) => `${formatNumber(runs)} failed`,
		terminated: (runs: number) => `${formatNumber(runs)} terminated`
	},
	active: (runs: number) => `${formatNumber(runs)} still active`,

	decidedBy: (name: string) => `by ${name}`,
	/** `{time}` is when it was decided; then the run ended. */
	decidedThen: {
		completed: '{time}, then completed',
		rejected: '{time}, then rejected',
		expired: '{time}, then expired',
		failed: '{time}, then failed',
		lost: '{time}, then lost',
		terminated: '{time}, then terminated'
	}
};

export const approvalsText = translated({ en });
