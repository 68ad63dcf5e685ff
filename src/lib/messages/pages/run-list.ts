import { translated } from '../locale';
import { formatNumber, plural } from '../plural';

const en = {
	rangeTooLong: (most: number, runs: number) =>
		`A range takes at most ${formatNumber(most)} runs, and this one has ${formatNumber(runs)}. Select all matching runs instead.`,
	title: 'Runs',
	startWorkflow: 'Start workflow',
	atLeast: (count: number, isExact: boolean) => `${formatNumber(count)}${isExact ? '' : '+'}`,
	announceCount: (count: number, isExact: boolean) =>
		isExact
			? plural(count, { one: '# run', other: '# runs' })
			: `More than ${plural(count, { one: '# run', other: '# runs' })}`,
	announceMatches: (count: number, isExact: boolean, q: string) =>
		isExact
			? plural(count, { one: `# run matches ${q}`, other: `# runs match ${q}` })
			: `More than ${plural(count, { one: `# run matches ${q}`, other: `# runs match ${q}` })}`,

	query: 'Query',
	queryExample: 'status:errored agent:store-agent/berlin created:<24h "card declined"',
	status: 'Status',
	workflow: 'Workflow',
	runsByStatus: 'Runs by status',
	all: 'All',
	counting: '…',
	connecting: 'Connecting',

	invalidTitle: 'Invalid query',
	invalidDetail: 'The errors are underlined in the search box.',
	clearQuery: 'Clear query',
	noMatchTitle: 'No runs match',
	valueMatches: (runs: number, key: string, value: string) =>
		plural(runs, { one: `# run has ${key} = ${value}`, other: `# runs have ${key} = ${value}` }),
	noSuchKey: (key: string) => `No run has the metadata key “${key}”.`,
	didYouMean: (field: string) => `Did you mean ${field}:?`,
	newRuns: (count: string) => `${count} new`,

	liveTail: 'Live tail',
	liveTailHint: 'Keep the newest runs in view, even while the pointer is over the list',
	display: 'Display options',
	openFile: 'Open a run file',
	keyboardShortcuts: 'Keyboard shortcuts',
	keys: {
		search: 'Search',
		next: 'Next run',
		previous: 'Previous run',
		select: 'Select run',
		selectRange: 'Select all runs from the last selected one',
		open: 'Open run',
		showNew: 'Show new runs',
		clear: 'Clear selection',
		shortcuts: 'Show keyboard shortcuts'
	},

	selectedRuns: 'Selected runs',
	selected: (runs: number) => `${formatNumber(runs)} selected`,
	selectAllMatching: (runs: number) =>
		`Select all ${plural(runs, { one: '# matching run', other: '# matching runs' })}`,
	clear: 'Clear',
	tooManyToExport:
		'This selection is too large to export. Select all matching runs to export them.',

	selectColumn: 'Selected',
	selectRun: (id: string) => `Select ${id}`,
	columnWidth: (column: string) => `Width of ${column}`,
	movedRow: 'This run has moved or left the list. It stays here while you read.',
	columns: {
		status: 'Status',
		workflow: 'Workflow',
		id: 'Run',
		agent: 'Agent',
		progress: 'Progress',
		step: 'Step',
		created: 'Created',
		started: 'Started',
		updated: 'Updated',
		finished: 'Finished',
		duration: 'Duration',
		retries: 'Retries',
		by: 'Started by',
		error: 'Error'
	},

	displayTitle: 'Display options',
	rows: 'Row height',
	roomy: 'Comfortable',
	compact: 'Compact',
	times: 'Times',
	relative: 'Relative',
	local: 'Local time',
	precision: 'Precision',
	seconds: 'Seconds',
	milliseconds: 'Milliseconds',
	columnsHeading: 'Columns',
	resetWidths: 'Reset widths',
	metadata: 'metadata',
	moveForward: (column: string) => `Move ${column} left`,
	moveBack: (column: string) => `Move ${column} right`,

	sortBy: 'Sort by',
	sortedBy: (field: string, direction: string) =>
		`Sorted by ${field.toLowerCase()}, ${direction.toLowerCase()}`,
	newestFirst: 'Newest first',
	oldestFirst: 'Oldest first',
	longestFirst: 'Longest first',
	shortestFirst: 'Shortest first',
	endedFirst: 'Ended first',
	queuedFirst: 'Queued first',
	aToZ: 'A to Z',
	zToA: 'Z to A'
};

export const runListText = translated({ en });
