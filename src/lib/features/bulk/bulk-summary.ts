import { bulkActionsText } from '$lib/messages/pages/bulk-actions';
import { BULK_ACTIONS, type Json, type RunRow } from '$lib/protocol';
import { lookOfAction } from './bulk-look';

/** The title of a job, such as `Terminate: 48 runs`, and its result so far. */
export function summaryOf({ metadata, progress, startedBy }: RunRow): {
	title: string;
	rest: string;
} {
	const action = BULK_ACTIONS.find((known) => known === metadata['action']);
	const verb = action ? lookOfAction(action).verb : bulkActionsText.unknownAction;
	const title = bulkActionsText.jobTitle(verb, numberIn(metadata, 'eligible'));
	const [failed, skipped] = [numberIn(progress, 'failed'), numberIn(progress, 'skipped')];
	const rest = [
		failed > 0 ? bulkActionsText.failedCount(failed) : '',
		skipped > 0 ? bulkActionsText.skippedCount(skipped) : '',
		startedBy === null ? '' : bulkActionsText.startedBy(startedBy)
	];
	return { title, rest: rest.filter(Boolean).join(' · ') };
}

function numberIn(value: Json, name: string): number {
	const found =
		typeof value === 'object' && value !== null && !Array.isArray(value) ? value[name] : null;
	return typeof found === 'number' ? found : 0;
}
