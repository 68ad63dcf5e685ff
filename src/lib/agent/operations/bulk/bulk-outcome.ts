// What a problem means for one run of a job. A step that was interrupted is done again, and then "it
// is terminated already" means that it was done the first time.
import {
	deletionOf,
	ineligible,
	problemKind,
	runStatusSchema,
	type BulkAction,
	type BulkReason,
	type Problem,
	type RunStatus
} from '../../../protocol';

/** How it ended for a run. */
export type BulkEnd =
	| { state: 'done' }
	| { state: 'skipped'; reason: BulkReason; detail: string }
	| { state: 'failed'; detail: string };

const DONE: BulkEnd = { state: 'done' };

/**
 * Reads how it ended out of a problem.
 * @param isRepeat it may have been done before, by an attempt of which nobody heard the end
 */
export function endOf(action: BulkAction, problem: Problem, isRepeat: boolean): BulkEnd {
	const { detail } = problem;
	const skipped = (reason: BulkReason): BulkEnd => ({ state: 'skipped', reason, detail });
	switch (problemKind(problem)) {
		case 'unknown-run':
			if (isRepeat && action === 'delete') return DONE;
			return skipped(deletionOf(problem) ? 'deleted' : 'unknown');
		case 'not-waiting':
			return skipped('not-waiting');
		case 'wrong-state': {
			if (problem['generation'] !== undefined) return isRepeat ? DONE : skipped('restarted');
			if (action === 'delete') return skipped(problem['pinned'] ? 'pinned' : 'not-ended');
			const status = runStatusSchema.safeParse(problem['runStatus']);
			if (!status.success) break;
			if (isRepeat && isAim(action, status.data)) return DONE;
			const reason = ineligible(action, status.data);
			if (reason !== null) return skipped(reason);
		}
	}
	return { state: 'failed', detail };
}

/** Is this the status that the action brings about? */
function isAim(action: BulkAction, status: RunStatus): boolean {
	if (action === 'pause') return status === 'paused' || status === 'waitingForPause';
	if (action === 'terminate') return status === 'terminated';
	return action === 'resume' && ineligible('resume', status) === 'not-paused';
}
