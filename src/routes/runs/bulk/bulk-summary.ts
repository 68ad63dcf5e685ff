import { BULK_ACTIONS, type Json, type RunRow } from '$lib/protocol';
import { lookOfAction, runsText } from './bulk-look';

/** A job in a line, read out of its run: `Terminate 48 runs`, and what there is beside it. */
export function summaryOf({ metadata, progress, startedBy }: RunRow): {
	title: string;
	rest: string;
} {
	const action = BULK_ACTIONS.find((known) => known === metadata['action']);
	const runs = runsText(numberIn(metadata, 'eligible'));
	const verb = action ? lookOfAction(action).verb : 'Act on';
	const title = action === 'send-event' ? `Send event to ${runs}` : `${verb} ${runs}`;
	const [failed, skipped] = [numberIn(progress, 'failed'), numberIn(progress, 'skipped')];
	const rest = [
		failed > 0 ? `${failed.toLocaleString('en')} failed` : '',
		skipped > 0 ? `${skipped.toLocaleString('en')} skipped` : '',
		startedBy === null ? '' : `by ${startedBy}`
	];
	return { title, rest: rest.filter(Boolean).join(' · ') };
}

function numberIn(value: Json, name: string): number {
	const found =
		typeof value === 'object' && value !== null && !Array.isArray(value) ? value[name] : null;
	return typeof found === 'number' ? found : 0;
}
