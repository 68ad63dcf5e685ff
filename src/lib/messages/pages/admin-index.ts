import { LOCALE, translated } from '../locale';
import { plural } from '../plural';

const list = new Intl.ListFormat(LOCALE);

const en = {
	reindexTitle: 'Rebuild the index',
	reindexIntro:
		'Agents report their runs to the index continuously. If the index seems incomplete, ask every Agent to report all of its runs again. This deletes nothing, and you can repeat it.',
	reindex: 'Reindex all Agents',
	reindexed: (agents: number, runs: number) => {
		const from = plural(agents, { one: '# Agent', other: '# Agents' });
		return `${from} will report ${plural(runs, { one: '# run', other: '# runs' })}.`;
	},
	unreachable: (agents: number) =>
		plural(agents, { one: '# Agent did not answer', other: '# Agents did not answer' }),
	unreachableDetail: (paths: readonly string[], runs: number) => {
		const rest = plural(runs, { one: '# run', other: '# runs' });
		return `Not reached: ${list.format(paths)}. The other Agents will report ${rest}.`;
	},

	adoptTitle: 'Adopt an untracked run',
	adoptIntro:
		'A run that was created outside its Agent, or whose Agent crashed while creating it, exists only in the Workflows engine. Adopt it to track it here with its full history.',
	workflow: 'Workflow',
	workflowHint: 'Name of the binding.',
	id: 'ID',
	agent: 'Agent',
	agentHint: 'Defaults to the Agent of the workflow.',
	adopt: 'Adopt run'
};

export const adminIndexText = translated({ en });
