import { LOCALE, translated } from '../locale';
import { plural } from '../plural';

const list = new Intl.ListFormat(LOCALE);

const en = {
	approval: 'Approval',
	approvals: 'Approvals',
	allApprovals: 'All approvals',
	notFoundTitle: 'Approval not found',
	/** `{id}` is the approval's id. */
	notFoundDetail: 'Approval {id} was not found. Its run may have been deleted or purged.',
	unreadableAnswer: (status: number) => `The server answered with status ${status}.`,
	unreachable: (reason: string) => `The server cannot be reached: ${reason}`,
	viewing: (names: readonly string[]) =>
		names.length === 1
			? `${list.format(names)} is also viewing this`
			: `${list.format(names)} are also viewing this`,

	about: 'About this request',
	facts: 'Details',
	outlook: 'What happens next',
	earlier: 'Previous decisions',
	earlierNote: 'Same step, other runs',
	decisions: (decisions: number) => plural(decisions, { one: 'Decision', other: 'Decisions' }),

	requestedBy: 'Requested by',
	requested: 'Requested',
	run: 'Run',
	step: 'Step',
	agent: 'Agent',
	approvers: 'Approvers',
	approversExceptRequester: (approvers: string) => `${approvers}, except the requester`,
	needed: 'Required approvals',
	neededPeople: (people: number) =>
		plural(people, { one: '# person', other: '# different people' }),
	claimedBy: 'Claimed by',
	escalates: 'Escalates',
	escalated: 'Escalated',
	/** `{time}` is when more people may decide. */
	escalation: (people: string) => `{time}, to ${people}`,

	decision: 'Your decision',
	checkForm: 'Check the form first, then approve.',
	withdraw: 'Withdraw my approval',
	keys: {
		approve: 'Go to Approve (Enter approves)',
		reject: 'Go to Reject, or to its reason',
		claim: 'Claim or release',
		undo: 'Undo your decision',
		keys: 'Show keyboard shortcuts'
	}
};

export const approvalPageText = translated({ en });
