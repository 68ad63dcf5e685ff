import { translated } from '../locale';

const en = {
	notAnApprover: (name: string, approvers: string) =>
		`${name} is not an approver of this request. Approvers: ${approvers}.`,
	ownRequest: (name: string) => `${name} made this request. Someone else must decide.`,
	approvedAlready: (name: string, at: string, missing: number) =>
		`${name} already approved at ${at}. ${missing} more must approve.`,
	claimed: (by: string) => `${by} claimed this approval. Ask them to release it.`,
	unusualAmount: (fact: string, amount: number, usual: number) =>
		`${fact} ${amount} differs from the usual ${usual}`,
	unknownRequester: 'an unknown requester',
	unusualRequester: (requester: string, usual: string) =>
		`requested by ${requester}, most others by ${usual}`,
	unusualSeverity: (severity: string, usual: string) =>
		`severity ${severity}, most others have ${usual}`
};

export const approvalRulesText = translated({ en });
