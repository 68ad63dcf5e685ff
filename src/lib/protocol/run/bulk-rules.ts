// Whom a job can do something to: judged by the same rule as a single command.
import { admits } from './actions';
import { bulkReasonsText } from '../../messages/server/bulk-reasons';
import { plural } from '../../messages/plural';
import type { BulkAction, BulkReason } from './bulk';
import type { OperationName } from '../contract';
import { isEnded, type RunStatus } from './status';

/** `12 have ended already`. */
export function reasonWords(reason: BulkReason, runs: number): string {
	return plural(runs, bulkReasonsText[reason]);
}

/**
 * Why a run of this status cannot be acted on; null when it can. Whether a run waits for an event
 * is not in its status.
 */
export function ineligible(action: BulkAction, status: RunStatus): BulkReason | null {
	if (action === 'send-event') return isEnded(status) ? 'ended' : null;
	if (admits(status, action)) return null;
	if (action === 'delete') return 'not-ended';
	if (isEnded(status)) return status === 'unknown' ? 'lost' : 'ended';
	switch (status) {
		case 'rollingBack':
			return 'rolling-back';
		case 'paused':
			return 'paused';
		case 'waitingForPause':
			return 'pausing';
		default:
			return 'not-paused';
	}
}

/** The single command that a job carries out for each of its runs: who may do this may start it. */
export function requestOf(action: BulkAction): OperationName & `run.${BulkAction}` {
	return `run.${action}`;
}
