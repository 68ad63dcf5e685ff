import { translated } from '../locale';

const en = {
	unknownJob: (id: string) => `Bulk job ${id} was not found.`,
	noAnswer: (seconds: number) =>
		`The Agent did not respond within ${seconds} s. The run shows whether it was carried out.`,
	stillRunning: 'The job is still running, so nothing is left over yet.',
	alreadyAborted: (by: string, at: string) => `${by} already aborted the job at ${at}.`,
	alreadyEnded: 'The job has already ended.',
	eventDecidesApproval: (type: string) =>
		`event.type: events of type ${type} decide approvals. Decide each approval by itself.`,
	tooManyRuns: (found: string, limit: string) =>
		`${found} runs match, and a job takes at most ${limit}. Narrow the query.`,
	nothingSelected: 'No run is selected.',
	nothingToDo: (reasons: string) => `None of the selected runs can be acted on: ${reasons}.`
};

export const bulkText = translated({ en });
