// The messages between a stock count and the Agent of an aisle.
import type { RunRef } from '../../lib/protocol';
import { hash } from './hash';

/** A request to count an aisle, and the event that reports the result. */
export type CountRequest = {
	/** The id of the run that counts. */
	run: string;
	parent: RunRef;
	eventType: string;
	/** New for a recount, the same when a step is retried. */
	round: string;
};

/** The report to the run that requested the count; with an error, nothing was counted. */
export type AisleReport = {
	aisle: string;
	run: string;
	bays: number;
	units: number;
	error: string | null;
};

/** The params of a run that counts one aisle. */
export type AisleCountParams = { aisle: string };

/** The result of a count. `countedAt` is in Ms. */
export type AisleCountResult = { aisle: string; bays: number; units: number; countedAt: number };

const MAX_RUN_ID = 100;

/**
 * The id of the run that counts an aisle for a parent. It is the same for every retry, so that a
 * retried step starts one run only.
 */
export function aisleRunId(parentId: string, aisle: string): string {
	const id = `${parentId}_${aisle}`;
	if (id.length <= MAX_RUN_ID) return id;
	const suffix = `_${hash(id).toString(36)}`;
	return id.slice(0, MAX_RUN_ID - suffix.length) + suffix;
}
