import { translated } from '../locale';

const en = {
	unknownWorkflow: (workflow: string, known: readonly string[]) =>
		`Workflow ${workflow} was not found or cannot be started. Workflows: ${known.join(', ')}.`,
	wrongAgentClass: (workflow: string, agentClass: string, example: string) =>
		`agent: ${workflow} runs on a ${agentClass}, such as ${example}.`,
	unknownAdoptWorkflow: (workflow: string) =>
		`Workflow ${workflow} is not in the catalogue, so agent is required.`,
	pinned: (by: string) => `${by} pinned the run. Unpin it before you delete it.`,
	tooManyPins: (most: string) => `${most} runs are pinned, which is the limit. Unpin some first.`,
	unknownRunId: (id: string) => `No run with the id ${id} was found.`
};

export const runRequestsText = translated({ en });
