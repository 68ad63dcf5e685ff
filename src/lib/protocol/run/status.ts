import { z } from 'zod';

/** Cloudflare's own set of instance statuses, in the order a list shows them. */
export const RUN_STATUSES = [
	'queued',
	'running',
	'waiting',
	'waitingForPause',
	'paused',
	'rollingBack',
	'complete',
	'errored',
	'terminated',
	'unknown'
] as const;
export const runStatusSchema = z.enum(RUN_STATUSES);
export type RunStatus = z.infer<typeof runStatusSchema>;

/** Tells ends apart that share a status: an approver's "no" is not a crash. */
export const RUN_OUTCOMES = [
	'completed',
	'rejected',
	'expired',
	'failed',
	'terminated',
	'lost'
] as const;
export const runOutcomeSchema = z.enum(RUN_OUTCOMES);
export type RunOutcome = z.infer<typeof runOutcomeSchema>;

const ENDED: Record<RunStatus, boolean> = {
	queued: false,
	running: false,
	waiting: false,
	waitingForPause: false,
	paused: false,
	rollingBack: false,
	complete: true,
	errored: true,
	terminated: true,
	// The engine, or the Agent, no longer has the run.
	unknown: true
};

/** Has a run of this status come to its end? (A restart can still begin a new generation.) */
export function isEnded(status: RunStatus): boolean {
	// A server of another version can send a status that has no entry.
	return Object.hasOwn(ENDED, status) && ENDED[status];
}

/** The statuses of runs that have ended. */
export const ENDED_STATUSES = RUN_STATUSES.filter(isEnded);
/** The statuses of runs that have not. */
export const ACTIVE_STATUSES = RUN_STATUSES.filter((status) => !isEnded(status));
