import type {
	Approval,
	Change,
	UndoableCommand,
	ProgressPoint,
	Run,
	RunEvent,
	RunRow
} from '$lib/protocol';

/** A run as it stands, with its history, its family and its approvals. */
export type RunModel = {
	run: Run;
	/** False when the engine's own history could not be read: steps are then known only roughly. */
	exact: boolean;
	/** By their ids, each once. */
	events: readonly RunEvent[];
	/** Every run that it led to, parents before their children. */
	children: readonly RunRow[];
	/** The runs that led to it, its parent first. */
	ancestors: readonly RunRow[];
	approvals: readonly Approval[];
	/** The command that can still be undone; null for none. */
	held: UndoableCommand | null;
	/** The numbers that this generation reported, oldest first. */
	trail: readonly ProgressPoint[];
	/** It was deleted while it was looked at; what is here is the last that was known. */
	gone: boolean;
};

/**
 * Takes a change of a run. Events go by their id within a generation: a restart begins the history
 * anew and uses the ids again, and one that arrives twice changes nothing.
 */
export function applyToRun(before: RunModel | undefined, change: Change): RunModel | undefined {
	switch (change.kind) {
		case 'run': {
			const { run, exact, events, children, ancestors, approvals } = change;
			const { held = null, trail = [] } = change;
			const own = { run, exact, events: inOrder([], events), approvals, held, trail };
			return { ...own, children, ancestors, gone: false };
		}
		case 'run-changed': {
			if (!before || change.run.generation < before.run.generation) return before;
			const isRestart = change.run.generation > before.run.generation;
			return {
				run: change.run,
				exact: change.exact,
				events: inOrder(isRestart ? [] : before.events, change.events),
				children: change.children ?? before.children,
				ancestors: change.ancestors ?? before.ancestors,
				approvals: change.approvals ?? before.approvals,
				held: change.held === undefined ? before.held : change.held,
				trail: longer(isRestart ? [] : before.trail, change.trail ?? []),
				gone: false
			};
		}
		case 'run-gone':
			return before && { ...before, gone: true };
		case 'refused':
			// Deleted while nobody told us: asked for again after a reconnect, it is unknown.
			return before && change.problem.status === 404 ? { ...before, gone: true } : before;
		default:
			return before;
	}
}

/** Points beyond this many are not kept: every second one goes, as the server does it. */
const MOST_POINTS = 500;

function longer(
	before: readonly ProgressPoint[],
	added: readonly ProgressPoint[]
): readonly ProgressPoint[] {
	if (added.length === 0) return before;
	const last = before.at(-1)?.at ?? -1;
	const all = [...before, ...added.filter(({ at }) => at > last)];
	return all.length <= MOST_POINTS ? all : all.filter((_, place) => place % 2 === 0);
}

/** Adds events by id. Those that simply follow, which is nearly always, are appended. */
function inOrder(before: readonly RunEvent[], added: readonly RunEvent[]): readonly RunEvent[] {
	if (added.length === 0) return before;
	let last = before.at(-1)?.eventId ?? -1;
	const follows = added.every(({ eventId }) => {
		const isNext = eventId > last;
		last = eventId;
		return isNext;
	});
	if (follows) return before.concat(added);
	const byId = new Map([...before, ...added].map((event) => [event.eventId, event]));
	return [...byId.values()].sort((a, b) => a.eventId - b.eventId);
}
