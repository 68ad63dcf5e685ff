import { translated } from '../locale';
import { plural } from '../plural';

const en = {
	title: 'Workflows',
	catalogue: 'Catalogue',
	allWorkflows: 'All workflows',
	loadingCatalogue: 'Loading workflows',
	chooseTitle: 'Choose a workflow',
	chooseDetail: 'Pick a workflow to see its start form.',
	notFoundTitle: 'Workflow not found',
	/** `{workflow}` is the name of a binding. */
	notFoundDetail: 'The catalogue has no workflow named {workflow}.',
	systemWorkflow: 'System workflow',
	systemDetail: 'Signalbox or another workflow starts it. You cannot start it yourself.',
	viewRuns: 'View runs',
	started: (title: string) => `${title} started`,

	agentIdMetadata: 'Agent, ID and metadata',
	agent: 'Agent',
	agentHint: (agentClass: string, fallback: string) =>
		`Path of the ${agentClass} that runs it. Defaults to ${fallback}.`,
	id: 'ID',
	idPlaceholder: 'Generated',
	idHint:
		'Must be unique. If a run with this ID exists, the start is refused, so it is safe to retry.',
	metadata: 'Metadata',
	metadataHint: 'A JSON object. You can search runs by its values.',
	metadataNotObject: 'must be a JSON object such as {"region": "eu"}',
	fixFields: 'Correct the marked fields and try again.',
	start: 'Start',
	fillInExample: 'Fill in the example',
	clearForm: 'Clear the form',
	resetForm: 'Undo my changes',

	loadingParams: 'Loading the params of the run',
	/** `{run}` is a link to the run. */
	prefilled: 'Params copied from {run}. Starting creates a new run and leaves that one unchanged.',
	prefilledWithout: 'Secret values are not copied: enter them again.',
	prefillFailed: 'Could not copy the params of the run',

	comparison: 'Compare with the original params',
	comparisonTable: 'Original and new params',
	unreadable: 'The params are not valid yet.',
	identical: 'No changes',
	changes: (values: number) =>
		plural(values, { one: '# value changed', other: '# values changed' }),
	param: 'Param',
	newValue: 'New',
	changed: 'Changed:',
	rootParam: 'params',
	onlyChanges: 'Show only changes'
};

export const workflowsPageText = translated({ en });
