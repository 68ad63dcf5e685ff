import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	EMPTY_HISTORY,
	fold,
	isEnded,
	nextDueAt,
	runEventSchema,
	runHistorySchema,
	runSchema,
	statusOf,
	toRun,
	waitingForOf,
	type RunEvent,
	type RunFacts,
	type RunHistory
} from '../../../../../src/lib/protocol';
import { isReplay } from '../../../../../src/lib/protocol/run/sleeps';
import { anyDelivery, anyHistory as everyHistory, anyRestart } from '../../../support/histories';

const facts: RunFacts = {
	ref: { workflow: 'REFUND', id: 'run-1' },
	generation: 1,
	agent: { class: 'StoreAgent', name: 'berlin', path: 'store-agent/berlin' },
	parent: null,
	metadata: {},
	params: {},
	progress: null,
	startedBy: 'ana',
	createdAt: 1_700_000_000_000,
	touchedAt: 1_700_000_000_000,
	lost: false
};

/** Makes a mutation throw: what `fold` is given stays as it is. */
function frozen<T>(value: T): T {
	if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
	Object.freeze(value);
	Object.values(value).forEach(frozen);
	return value;
}

const foldAll = (events: readonly RunEvent[], from: RunHistory = EMPTY_HISTORY): RunHistory =>
	events.reduce((history, event) => fold(frozen(history), frozen(event)), from);

/** As an Agent keeps it between two batches: written down and read again. */
const stored = (history: RunHistory): RunHistory =>
	runHistorySchema.parse(JSON.parse(JSON.stringify(history)));

/** Every moment of a history: what had happened, and what was known then. */
function momentsOf(events: RunEvent[]): { past: RunEvent[]; history: RunHistory }[] {
	let history = EMPTY_HISTORY;
	return [
		{ past: [], history },
		...events.map((event, index) => {
			history = fold(frozen(history), frozen(event));
			return { past: events.slice(0, index + 1), history };
		})
	];
}

/** A map, since an unknown event's type can be any word, `valueOf` among them. */
const ENDS = new Map([
	['workflow_completed', 'complete'],
	['workflow_errored', 'errored'],
	['workflow_terminated', 'terminated']
]);

/** Histories in which no sleep could be taken for another that the engine begins again. */
const anyHistory = everyHistory.filter((events) => {
	const sleeps = events.flatMap(({ type, stepName, timestamp: since, durationMs }) =>
		type === 'sleep_started' && typeof durationMs === 'number'
			? [{ stepName, since, dueAt: since + durationMs }]
			: []
	);
	return !sleeps.some((sleep, index) =>
		sleeps
			.slice(0, index)
			.some((earlier) => sleep.stepName === earlier.stepName && isReplay(sleep, earlier))
	);
});

const isEnd = ({ type }: RunEvent) => ENDS.has(type);

/** The events up to the end: what came after it was written by steps that nobody waits for. */
function upToEnd(events: RunEvent[]): RunEvent[] {
	const end = events.findIndex(isEnd);
	return end < 0 ? events : events.slice(0, end + 1);
}

/** Names whose last event of these types is the first of them: they have begun and not ended. */
function openOnes(events: RunEvent[], began: string, ...over: string[]): unknown[] {
	const open: unknown[] = [];
	for (const { type, stepName, durationMs } of events) {
		// Several sleeps can have one name; nothing else can.
		const isOther = began === 'sleep_started' || !open.includes(stepName);
		if (type === began && (began !== 'sleep_started' || durationMs !== undefined)) {
			if (isOther) open.push(stepName);
		} else if (over.includes(type) && open.includes(stepName)) {
			open.splice(open.indexOf(stepName), 1);
		}
	}
	return open.toSorted();
}

/** When the next open sleep or back-off ends, worked out the long way. */
function soonest(events: RunEvent[]): number | null {
	const due = new Map<string, number[]>();
	for (const { type, timestamp, stepName, durationMs, retryDelayMs } of events) {
		const [kind = ''] = type.split('_');
		const key = `${kind === 'attempt' ? 'step' : kind} ${String(stepName)}`;
		const delay = type === 'sleep_started' ? durationMs : retryDelayMs;
		const before = (due.get(key) ?? []).toSorted((a, b) => a - b);
		if (typeof delay === 'number') {
			due.set(key, [...(kind === 'sleep' ? before : []), timestamp + delay]);
		} else if (type === 'sleep_completed') due.set(key, before.slice(1));
		else if (!(type === 'sleep_started' || type === 'attempt_errored')) due.delete(key);
	}
	const all = [...due.values()].flat();
	return all.length > 0 ? Math.min(...all) : null;
}

const namesOf = (list: { name: string }[]) => list.map(({ name }) => name).toSorted();

describe('fold, over any history of the engine,', () => {
	it('gives the same run however the history is delivered', () => {
		fc.assert(
			fc.property(
				anyHistory.chain((events) => fc.tuple(fc.constant(events), anyDelivery(events))),
				([events, batches]) => {
					const whole = foldAll(events);
					const bit = batches.reduce(
						(history, batch) => stored(foldAll(batch, history)),
						EMPTY_HISTORY
					);
					expect(bit).toEqual(whole);
				}
			),
			{ numRuns: 400 }
		);
	});

	it('is changed by nothing that it has folded before', () => {
		fc.assert(
			fc.property(anyHistory, fc.nat(), (events, seed) => {
				const known = events.slice(0, seed % (events.length + 1));
				const history = foldAll(known);
				for (const event of known) expect(fold(history, event)).toBe(history);
			})
		);
	});

	it('knows that it ended exactly when the history says so, and how', () => {
		fc.assert(
			fc.property(anyHistory, (events) => {
				for (const { past, history } of momentsOf(events)) {
					const end = past.findLast(isEnd);
					expect(history.end?.status).toBe(end && ENDS.get(end.type));
					expect(isEnded(statusOf(history))).toBe(end !== undefined);
					expect(history.finishedAt).toBe(end?.timestamp ?? null);
					expect(history.end?.outcome === 'completed').toBe(end?.type === 'workflow_completed');
				}
			})
		);
	});

	it('has nothing open and nothing due after the end', () => {
		fc.assert(
			fc.property(anyHistory, (events) => {
				for (const { history } of momentsOf(events)) {
					if (!history.end) continue;
					const { steps, sleeps, waits, pausedAt } = history;
					expect({ steps, sleeps, waits, pausedAt }).toEqual({
						steps: [],
						sleeps: [],
						waits: [],
						pausedAt: null
					});
					expect(waitingForOf(history)).toBeNull();
					expect(nextDueAt(history)).toBeNull();
				}
			})
		);
	});

	it('keeps open exactly the steps, sleeps and waits that began and did not end', () => {
		fc.assert(
			fc.property(anyHistory, (events) => {
				for (const { past, history } of momentsOf(events)) {
					if (history.end) continue;
					expect(namesOf(history.sleeps)).toEqual(
						openOnes(past, 'sleep_started', 'sleep_completed')
					);
					expect(namesOf(history.waits)).toEqual(
						openOnes(past, 'wait_started', 'wait_completed', 'wait_timed_out')
					);
					expect(namesOf(history.steps)).toEqual(
						openOnes(past, 'step_started', 'step_completed', 'step_errored')
					);
				}
			})
		);
	});

	it('says waiting while it is awake and a sleep or a wait is open, and for what', () => {
		fc.assert(
			fc.property(anyHistory, (events) => {
				for (const { history } of momentsOf(events)) {
					if (history.phase !== 'running') continue;
					const waitingFor = waitingForOf(history);
					expect(statusOf(history)).toBe(waitingFor ? 'waiting' : 'running');
					expect(waitingFor?.kind === 'event').toBe(history.waits.length > 0);
				}
			})
		);
	});

	it('counts as a retry each attempt that failed and has a delay', () => {
		fc.assert(
			fc.property(anyHistory, (events) => {
				for (const { past, history } of momentsOf(events)) {
					const retried = upToEnd(past).filter(
						({ type, retryDelayMs }) => type === 'attempt_errored' && retryDelayMs !== undefined
					);
					expect(history.retries).toBe(retried.length);
				}
			})
		);
	});

	it('has the last id as its cursor and the newest time as its last change', () => {
		fc.assert(
			fc.property(anyHistory, (events) => {
				for (const { past, history } of momentsOf(events)) {
					expect(history.cursor).toBe(past.at(-1)?.eventId ?? 0);
					expect(history.updatedAt).toBe(past.at(-1)?.timestamp ?? null);
				}
			})
		);
	});

	it('names as the next due time the soonest end of a sleep or a back-off', () => {
		fc.assert(
			fc.property(anyHistory, (events) => {
				for (const { past, history } of momentsOf(events)) {
					if (past.some(({ type }) => type === 'workflow_paused')) break;
					expect(nextDueAt(history)).toBe(history.end ? null : soonest(past));
				}
			})
		);
	});

	it('puts off what is due by as long as a pause lasts, and has nothing due in it', () => {
		fc.assert(
			fc.property(anyHistory, fc.nat(100_000), (events, pausedMs) => {
				for (const { history } of momentsOf(events)) {
					if (history.phase !== 'running') continue;
					const at = history.updatedAt ?? 0;
					const next = (type: string, timestamp: number, eventId: number): RunEvent => ({
						eventId: history.cursor + eventId,
						timestamp,
						type
					});
					const paused = fold(history, next('workflow_paused', at, 1));
					expect(nextDueAt(paused)).toBeNull();
					const due = nextDueAt(history);
					const resumed = fold(paused, next('workflow_running', at + pausedMs, 2));
					expect(nextDueAt(resumed)).toBe(due === null ? null : due + pausedMs);
				}
			})
		);
	});

	it('is, after a restart, what the rewritten history says, read from its beginning', () => {
		fc.assert(
			fc.property(
				anyRestart.chain(({ after }) => fc.tuple(fc.constant(after), anyDelivery(after))),
				([after, batches]) => {
					expect(foldAll(batches.flat())).toEqual(foldAll(after));
					expect(foldAll(after).cursor).toBe(after.at(-1)?.eventId ?? 0);
				}
			)
		);
	});

	it('gives at every moment a run that others can read', () => {
		fc.assert(
			fc.property(anyHistory, (events) => {
				for (const { history } of momentsOf(events)) {
					const run = toRun(facts, history);
					expect(runSchema.parse(JSON.parse(JSON.stringify(run)))).toEqual(run);
				}
			})
		);
	});
});

/** Any event whatever that the schema lets pass: known types with wrong, odd or missing fields. */
const junkEvent: fc.Arbitrary<RunEvent> = fc
	.record(
		{
			eventId: fc.oneof(fc.nat(40), fc.maxSafeNat()),
			timestamp: fc.oneof(fc.nat(), fc.maxSafeNat()),
			type: fc.oneof(
				fc.constantFrom(
					'workflow_queued',
					'workflow_started',
					'workflow_running',
					'workflow_paused',
					'workflow_waiting',
					'workflow_waiting_for_pause',
					'workflow_completed',
					'workflow_errored',
					'workflow_terminated',
					'step_started',
					'step_completed',
					'step_errored',
					'attempt_started',
					'attempt_completed',
					'attempt_errored',
					'sleep_started',
					'sleep_completed',
					'wait_started',
					'wait_completed',
					'wait_timed_out',
					'rollback_started',
					'rollback_step_started',
					'rollback_completed',
					'rollback_errored'
				),
				fc.string({ maxLength: 6 })
			),
			stepName: fc.oneof(fc.constantFrom('a-1', 'a-2', '__proto__', '__agent_x-1'), fc.anything()),
			attempt: fc.oneof(fc.integer(), fc.anything()),
			eventType: fc.oneof(fc.string(), fc.anything()),
			durationMs: fc.oneof(fc.double(), fc.anything()),
			retryDelayMs: fc.oneof(fc.double(), fc.anything()),
			error: fc.oneof(
				fc.record({ name: fc.string(), message: fc.string() }),
				fc.anything({ maxDepth: 1 })
			),
			params: fc.jsonValue(),
			output: fc.jsonValue()
		},
		{ requiredKeys: ['eventId', 'timestamp', 'type'] }
	)
	.map((junk) => runEventSchema.safeParse(junk))
	.filter((parsed) => parsed.success)
	.map(({ data }) => data);

describe('fold, over any junk that reads as an event,', () => {
	it('never throws and gives a run that others can read', () => {
		fc.assert(
			fc.property(fc.array(junkEvent, { maxLength: 40 }), (events) => {
				const run = toRun(facts, foldAll(events));
				expect(runSchema.safeParse(run).error).toBeUndefined();
			}),
			{ numRuns: 1500 }
		);
	});

	it('keeps an ended run ended and at rest', () => {
		fc.assert(
			fc.property(fc.array(junkEvent, { maxLength: 30 }), fc.nat(30), (events, at) => {
				const end = { eventId: 0, timestamp: 5, type: 'workflow_terminated' };
				const mixed = events.toSpliced(at, 0, end).map((event, index) => ({
					...event,
					eventId: index + 1
				}));
				const history = foldAll(mixed);
				expect(isEnded(statusOf(history))).toBe(true);
				expect([history.steps, history.sleeps, history.waits]).toEqual([[], [], []]);
			})
		);
	});
});
