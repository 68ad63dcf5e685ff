import { translated } from '../locale';

const en = {
	title: 'Open a run file',
	dropHere: 'Drop a run file here',
	explanation:
		'To create a run file, open a run and choose “Download run file” in the “More” menu. The file can come from any Signalbox. Your browser reads it locally and uploads nothing. Files can have up to 50 MB.',
	chooseFile: 'Choose file',
	file: 'Run file',
	tooLargeTitle: 'The file is too large',
	tooLarge: (megabytes: number) => `The file has ${megabytes} MB. The limit is 50 MB.`,
	unreadableTitle: 'The file cannot be read',
	openAnother: 'Open another file',
	snapshot: (time: string) => `Snapshot saved on ${time}`,
	snapshotDetail:
		'This page does not update. Relative times are relative to the time of the snapshot.',
	noGenerationTitle: 'Generation not found',
	noGeneration: (generation: number, latest: number) =>
		`This file has no generation ${generation}. The latest one is ${latest}.`,
	showLatest: 'Show latest generation',

	cannotOpen: 'The file cannot be opened',
	tooDeep: 'The values in this file are nested too deeply.',
	expected: 'Choose a file that “Download run file” in the “More” menu of a run created.',
	notJson: (why: string) => `The file is not JSON${why}.`,
	wrongFormat: (format: string) => `The “format” of this JSON file is not “${format}”.`,
	wrongVersion: (version: string, known: number) =>
		`The file has version ${version}. This Signalbox reads version ${known}.`,
	openOnNewer: 'Open it on a newer Signalbox.',
	downloadAgain: 'Download the run again.',
	damaged: (errors: string) => `The file was changed or truncated after it was saved. ${errors}.`,
	moreErrors: (count: number) => `; and ${count} more`
};

export const runFileText = translated({ en });
