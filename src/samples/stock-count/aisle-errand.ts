// What a stock count and the Agent of an aisle say to each other.
import type { RunRef } from '../../lib/protocol';
import { hash } from './hash';

/** Who wants an aisle counted, and the event by which they want to hear of it. */
export type AisleErrand = {
	/** The id of the run that is to count. */
	run: string;
	parent: RunRef;
	eventType: string;
	/** New for a recount, the same when a step asks twice. */
	round: string;
};

/** What an aisle tells the run that sent for it; with an error nothing was counted. */
export type AisleReport = {
	aisle: string;
	run: string;
	bays: number;
	units: number;
	error: string | null;
};

/** What a run that counts one aisle is given. */
export type AisleCountParams = { aisle: string };

/** What it found. `countedAt` is in Ms. */
export type AisleCountResult = { aisle: string; bays: number; units: number; countedAt: number };

const MAX_RUN_ID = 100;

/**
 * The id of the run that counts an aisle for a parent: the same when it is asked for again, so
 * that a step that is tried twice starts one run.
 */
export function aisleRunId(parentId: string, aisle: string): string {
	const id = `${parentId}_${aisle}`;
	if (id.length <= MAX_RUN_ID) return id;
	const suffix = `_${hash(id).toString(36)}`;
	return id.slice(0, MAX_RUN_ID - suffix.length) + suffix;
}
