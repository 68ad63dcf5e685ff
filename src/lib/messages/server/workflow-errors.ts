// Texts of the workflow kit: errors that end a run, and what it adds to approvals.
import { translated } from '../locale';

const en = {
	duplicateEntry: (workflow: string) => `The catalogue already has an entry for ${workflow}.`,
	rejected: (by: string | null, reason: string | null) =>
		`Rejected${by === null ? '' : ` by ${by}`}${reason === null ? '' : `: ${reason}`}`,
	expired: (title: string) => `No decision was made in time: ${title}`,
	invalidData: (errors: string) => `**The submitted data is not valid:** ${errors}`,
	invalidDataTooOften: (title: string, rounds: number) =>
		`The data submitted for "${title}" was not valid ${rounds} times.`,
	notApprovalWorkflow:
		'requestApproval requires the step of a workflow that extends ApprovalWorkflow.',
	invalidDuration: (field: string, value: string) =>
		`${field}: "${value}" is not a duration such as "2 days".`
};

export const workflowErrorText = translated({ en });
