import {
	EMPTY_HISTORY,
	fold,
	toRun,
	type Approval,
	type Run,
	type RunEvent,
	type RunFacts
} from '$lib/protocol';
import type { RunModel } from '../live/run-model';

/**
 * A generation of a run that a restart has ended, put together from its own events alone: of the
 * present run only what all generations share is taken over.
 */
export function previousRun(
	present: Run,
	generation: number,
	events: readonly RunEvent[],
	approvals: readonly Approval[]
): RunModel {
	const history = events.reduce(fold, EMPTY_HISTORY);
	const { workflow, id, agent, parent, metadata, params, startedBy } = present;
	const facts: RunFacts = {
		ref: { workflow, id },
		generation,
		agent,
		parent,
		metadata,
		params,
		startedBy,
		progress: null,
		createdAt: history.queuedAt ?? history.startedAt ?? present.createdAt,
		touchedAt: 0,
		lost: false
	};
	return {
		run: { ...toRun(facts, history), waitingFor: null },
		exact: true,
		events,
		children: [],
		ancestors: [],
		held: null,
		trail: [],
		approvals: approvals.filter((approval) => approval.generation === generation),
		gone: false
	};
}
