import { translated } from '../locale';
import { plural } from '../plural';

const en = {
	loading: 'Loading run',
	breadcrumb: 'Breadcrumb',
	runs: 'Runs',
	copyId: 'Copy run ID',

	deletedTitle: 'Run deleted',
	deleted: 'This run was deleted.',
	deletedByPolicy: (policy: string) => `The purge carried out the retention policy ${policy}.`,
	purgeStartedBy: (person: string) => `${person} started the purge.`,
	/** `{by}` is a name or a link to the purge. */
	deletedBy: 'This run was deleted by {by} at {time}.',
	purge: (id: string) => `purge ${id}`,
	deletedDetail:
		'Its history and output are no longer stored. This page shows the last known state.',
	deletedNothingStored: 'Its history and output are no longer stored.',
	notFoundTitle: 'Run not found',
	notFoundDetail:
		'Check the workflow and the ID. If the run was created outside its Agent, an Agent can adopt it.',
	searchId: 'Search for this ID',
	runsOf: (workflow: string) => `Runs of ${workflow}`,
	adopt: 'Adopt run',
	openFile: 'Open run file',

	facts: {
		duration: 'Duration',
		total: 'In total, with what came before the restart:',
		started: 'Started',
		queued: (duration: string) => `queued ${duration}`,
		ended: 'Ended',
		updated: 'Updated',
		agent: 'Agent',
		startedBy: 'Started by',
		byAgent: 'Agent code',
		parent: 'Parent',
		outcome: 'Outcome',
		retries: 'Retries',
		generation: 'Generation',
		metadata: 'Metadata'
	},

	params: 'Params',
	output: 'Output',
	endedWithoutOutput: 'The run ended without an output.',
	restartedWithoutOutput: 'The run was restarted before it produced an output.',
	notEnded: 'The run has not ended yet.',

	timeline: 'Timeline',
	history: 'History',
	historyTabs: 'Run history',
	noStepsTitle: 'No steps yet',
	notStarted: 'The engine has not started this run yet.',
	noStepStarted: 'The run has not started a step yet.',
	showSdkSteps: (count: number) =>
		plural(count, { one: 'Show # internal SDK step', other: 'Show # internal SDK steps' }),
	noEventsTitle: 'No events yet',
	noEventsDetail: 'The engine has not written any events yet.',
	noMatchingEvents: 'No matching events',
	noneOf: (count: number) =>
		plural(count, {
			one: '0 of # event match the filters.',
			other: '0 of # events match the filters.'
		}),
	clearFilters: 'Clear filters',
	partialHistory: 'Partial history.',
	partialHistoryDetail:
		'The engine’s events could not be read. This page shows what the Agent reported, so steps and times may be missing.',

	generations: 'Generations',
	generation: 'Generation',
	generationLabel: (generation: number, isCurrent: boolean) =>
		`Generation ${generation}${isCurrent ? ', current' : ''}`,
	current: 'current',
	noGenerationTitle: 'Generation not found',
	noGeneration: (generation: number, restarts: number) =>
		`This run has no generation ${generation}. It was restarted ${plural(restarts, { one: '# time', other: '# times' })}, so the latest generation is ${restarts + 1}.`,
	showCurrent: 'Show current generation',
	previousGeneration: (generation: number, of: number) => `Generation ${generation} of ${of}.`,
	historyEnded: 'Its history ended {time}.',
	previousState: 'This page shows the state at that time.',
	lastSeen: 'Last known status:',
	statusNow: 'Current status:',
	noPreviousTitle: 'No history stored',
	noPrevious: (generation: number) =>
		`Signalbox has no events of generation ${generation}. The run may have been restarted before its history was read.`,
	loadingGeneration: (generation: number) => `Loading generation ${generation}`,

	undone: 'Undone',
	pin: 'Pin run',
	unpin: 'Unpin run',
	pinned: 'Pinned',
	pinnedBy: (by: string) => `${by} pinned the run: nothing deletes it`,
	pinDone: 'Run pinned',
	unpinDone: 'Run unpinned',
	moreActions: 'More actions',
	more: 'More',
	startSimilar: 'Start a similar run…',
	copyCurl: 'Copy as cURL',
	download: 'Download run file',
	copied: 'Copied',
	copiedDetail: 'The command starts a run with the same params.',
	notCopied: 'Not copied',
	clipboardRefused: 'The browser denied access to the clipboard.',
	downloaded: (name: string) => `Saved as ${name}`,
	downloadedDetail: 'Any Signalbox can open the file.',
	downloadTooLarge: 'Saved, but too large to open',
	downloadTooLargeDetail: (megabytes: number) =>
		`The file has ${megabytes} MB. Signalbox opens files of up to 50 MB.`,

	sendEvent: 'Send event',
	sendEventTitle: (eventType: string, id: string) => `Send ${eventType} to ${id}`,
	sendEventDetail: 'The run receives the event and continues immediately. This cannot be undone.',
	payload: 'Payload',
	payloadHint: 'Any JSON value. Leave empty for null.',
	invalidPayload: (why: string) => `The payload ${why}`,
	cancel: 'Cancel',
	sent: (eventType: string) => `Sent ${eventType}`,

	stepActions: 'Step actions',
	restartFromHere: 'Restart from this step',
	restartTitle: (id: string, step: string) => `Restart ${id} from ${step}?`,
	restart: 'Restart',
	restarted: (step: string) => `Restarted from ${step}`,
	restartKeepsNone: 'No earlier step exists, so every step runs again.',
	restartKeeps: (count: number) =>
		plural(count, {
			one: '# earlier step keeps its result and does not run again.',
			other: '# earlier steps keep their results and do not run again.'
		}),
	restartRunsOne: (step: string) => `${step} runs again, including any external effects.`,
	restartRunsMany: (step: string, later: number) =>
		plural(later, {
			one: `${step} and the step after it run again, including any external effects.`,
			other: `${step} and the # steps after it run again, including any external effects.`
		}),
	restartHistory: 'The current history stays available as a previous generation.',
	decide: 'Decide',
	open: 'Open',

	similarTitle: 'Similar runs',
	viewAll: 'View all',
	loadingSimilar: 'Loading similar runs',
	sameWorkflow: 'same workflow',
	noSimilar: (workflow: string) => `No other runs of ${workflow} are stored.`,
	activity: 'Activity',
	loadingActivity: 'Loading activity',
	noActivity: 'No one has acted on this run. Agent code started it.',

	restartedMeanwhile: 'The run was restarted in the meantime.',
	eventNotStored: 'The event is no longer stored.',
	stepWithoutOutput: 'The step has no output.'
};

export const runPageText = translated({ en });
