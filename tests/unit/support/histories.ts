// Histories as the Workflows engine writes them: a small engine that plays a random script, with
// parallel steps, loops, retries, pauses at any place, rollbacks and ends of every kind.
import fc from 'fast-check';
import type { RunEvent } from '../../../src/lib/protocol';

export type Fields = { type: string } & Record<string, unknown>;

/** A history whose events come 10 ms apart from 1,000 on, unless one brings its own time. */
export function historyOf(...events: Fields[]): RunEvent[] {
	return events.map((fields, index) => ({
		eventId: index + 1,
		timestamp: 1000 + index * 10,
		...fields
	}));
}

/** An event that has no id yet: it comes so many Ms after the one before. */
type Draft = { afterMs: number; fields: Fields };

type Leaf =
	| { kind: 'step'; name: string; ms: number; retryDelays: number[]; works: boolean }
	| { kind: 'sleep'; name: string; ms: number }
	| { kind: 'wait'; name: string; eventType: string; ms: number; timesOut: boolean };
type Part =
	| Leaf
	| { kind: 'loop'; times: number; body: Leaf }
	| { kind: 'parallel'; lanes: Leaf[]; picks: number[] };
type End = 'completed' | 'failed' | 'rejected' | 'expired' | 'terminated' | 'open' | 'left paused';
type Script = {
	parts: Part[];
	pauses: { at: number; ms: number }[];
	rollback: { steps: string[]; works: boolean } | null;
	end: End;
	/** What steps beside the one that failed still wrote after the end. */
	late: Leaf[];
	strangers: { at: number; fields: Fields }[];
};

const stepName = fc.oneof(
	fc.constantFrom('load', 'charge card', 'ship-2', 'wait-for-approval', '', 'größe/±%', 'a\nb'),
	fc.string({ maxLength: 8 })
);
const ms = fc.integer({ min: 0, max: 90_000 });

const leaf: fc.Arbitrary<Leaf> = fc.oneof(
	fc.record({
		kind: fc.constant('step' as const),
		name: fc.oneof(stepName, fc.constant('__agent_reportComplete_0')),
		ms,
		retryDelays: fc.array(ms, { maxLength: 3 }),
		works: fc.boolean()
	}),
	fc.record({ kind: fc.constant('sleep' as const), name: stepName, ms }),
	fc.record({
		kind: fc.constant('wait' as const),
		name: stepName,
		eventType: fc.constantFrom('approval', 'manager-approval', 'paid', ''),
		ms,
		timesOut: fc.boolean()
	})
);

const part: fc.Arbitrary<Part> = fc.oneof(
	{ weight: 4, arbitrary: leaf },
	{
		weight: 1,
		arbitrary: fc.record({
			kind: fc.constant('loop' as const),
			times: fc.integer({ min: 1, max: 12 }),
			body: leaf
		})
	},
	{
		weight: 2,
		arbitrary: fc.record({
			kind: fc.constant('parallel' as const),
			lanes: fc.array(leaf, { minLength: 2, maxLength: 4 }),
			picks: fc.array(fc.nat(20), { minLength: 1, maxLength: 8 })
		})
	}
);

const stranger: fc.Arbitrary<Fields> = fc.oneof(
	fc.constantFrom<Fields>(
		{ type: 'internal' },
		{ type: 'workflow_migrated', to: 'version-2' },
		{ type: 'step_skipped', stepName: 'load-1' },
		{ type: 'sleep_started', stepName: 'without-a-duration-1' },
		{ type: 'workflow_waiting' }
	),
	fc.record({ type: fc.string({ maxLength: 10 }) })
);

const script: fc.Arbitrary<Script> = fc.record({
	parts: fc.array(part, { maxLength: 6 }),
	pauses: fc.array(fc.record({ at: fc.nat(200), ms }), { maxLength: 2 }),
	rollback: fc.option(
		fc.record({ steps: fc.array(stepName, { maxLength: 2 }), works: fc.boolean() })
	),
	end: fc.constantFrom<End>(
		'completed',
		'failed',
		'rejected',
		'expired',
		'terminated',
		'open',
		'left paused'
	),
	late: fc.array(leaf, { maxLength: 2 }),
	strangers: fc.array(fc.record({ at: fc.nat(200), fields: stranger }), { maxLength: 3 })
});

/** The engine counts occurrences: of a step and a wait by name, of a sleep by name and length. */
class Names {
	readonly #counts = new Map<string, number>();

	next(kind: Leaf['kind'], name: string, distinct: string | number = ''): string {
		const key = JSON.stringify([kind, name, distinct]);
		const count = (this.#counts.get(key) ?? 0) + 1;
		this.#counts.set(key, count);
		return `${name}-${count}`;
	}
}

const draft = (type: string, afterMs: number, fields: Record<string, unknown> = {}): Draft => ({
	afterMs,
	fields: { type, ...fields }
});

function playLeaf(leaf: Leaf, names: Names): Draft[] {
	switch (leaf.kind) {
		case 'sleep': {
			const on = { stepName: names.next('sleep', leaf.name, leaf.ms) };
			return [
				draft('sleep_started', 1, { ...on, durationMs: leaf.ms }),
				draft('sleep_completed', leaf.ms, on)
			];
		}
		case 'wait': {
			const on = { stepName: names.next('wait', leaf.name) };
			return [
				draft('wait_started', 1, { ...on, eventType: leaf.eventType }),
				draft(leaf.timesOut ? 'wait_timed_out' : 'wait_completed', leaf.ms, on)
			];
		}
		case 'step':
			return playStep(leaf, names);
	}
}

function playStep({ name, ms, retryDelays, works }: Extract<Leaf, { kind: 'step' }>, names: Names) {
	const on = { stepName: names.next('step', name) };
	const error = { name: 'Error', message: 'TypeError: no rows' };
	const last = retryDelays.length + 1;
	return [
		draft('step_started', 1, on),
		...retryDelays.flatMap((retryDelayMs, index) => [
			draft('attempt_started', index === 0 ? 0 : (retryDelays[index - 1] ?? 0), {
				...on,
				attempt: index + 1
			}),
			draft('attempt_errored', ms, { ...on, attempt: index + 1, error, retryDelayMs })
		]),
		draft('attempt_started', retryDelays.at(-1) ?? 0, { ...on, attempt: last }),
		works
			? draft('attempt_completed', ms, { ...on, attempt: last })
			: draft('attempt_errored', ms, { ...on, attempt: last, error }),
		draft(works ? 'step_completed' : 'step_errored', 0, on)
	];
}

function playPart(part: Part, names: Names): Draft[] {
	switch (part.kind) {
		case 'loop':
			return Array.from({ length: part.times }, () => playLeaf(part.body, names)).flat();
		case 'parallel': {
			const lanes = part.lanes.map((lane) => playLeaf(lane, names));
			const played: Draft[] = [];
			for (let turn = 0; lanes.some((lane) => lane.length > 0); turn += 1) {
				const open = lanes.filter((lane) => lane.length > 0);
				const next = open[(part.picks[turn % part.picks.length] ?? 0) % open.length]?.shift();
				if (next) played.push(next);
			}
			return played;
		}
		default:
			return playLeaf(part, names);
	}
}

const ERRORS: Partial<Record<End, { name: string; message: string }>> = {
	failed: { name: 'Error', message: 'TypeError: no rows' },
	rejected: { name: 'Error', message: 'WorkflowRejectedError: Workflow rejected: no' },
	expired: { name: 'Error', message: 'WorkflowTimeoutError: Execution timed out after 1000ms' }
};

function playEnd({ end, rollback }: Script, names: Names): Draft[] {
	const undone = rollback
		? [
				draft('rollback_started', 1),
				...rollback.steps.flatMap((name, index) => {
					const on = { stepName: `${name}-${index + 1}` };
					return [
						draft('rollback_step_started', 1, on),
						draft('rollback_attempt_started', 0, { ...on, attempt: 1 }),
						draft('rollback_attempt_completed', 2, { ...on, attempt: 1 }),
						draft('rollback_step_completed', 0, on)
					];
				}),
				draft(rollback.works ? 'rollback_completed' : 'rollback_errored', 1)
			]
		: [];
	switch (end) {
		case 'open':
			return [];
		case 'left paused':
			return [draft('workflow_waiting_for_pause', 1), draft('workflow_paused', 5)];
		case 'completed':
			return [draft('workflow_completed', 1, { output: { rows: 3 } })];
		case 'terminated':
			return [...undone, draft('workflow_terminated', 1)];
		case 'expired': {
			const on = { stepName: names.next('wait', 'last-approval') };
			return [
				draft('wait_started', 1, { ...on, eventType: 'approval' }),
				draft('wait_timed_out', 1000, on),
				...undone,
				draft('workflow_errored', 1, { error: ERRORS[end] })
			];
		}
		case 'failed':
		case 'rejected':
			return [...undone, draft('workflow_errored', 1, { error: ERRORS[end] })];
	}
}

/** Puts the drafts `inserted` somewhere into `into`, behind its first `from`. */
function insert(into: Draft[], at: number, from: number, inserted: Draft[]): Draft[] {
	const place = from + (at % (into.length - from + 1));
	return into.toSpliced(place, 0, ...inserted);
}

function played(script: Script): Draft[] {
	const names = new Names();
	const begun = [
		draft('workflow_queued', 0),
		draft('workflow_started', 3, { params: { order: 'A-1' } }),
		draft('workflow_running', 2)
	];
	let drafts = [...begun, ...script.parts.flatMap((each) => playPart(each, names))];
	for (const { at, ms: pausedMs } of script.pauses) {
		drafts = insert(drafts, at, begun.length, [
			draft('workflow_waiting_for_pause', 1),
			draft('workflow_paused', 4),
			draft('workflow_running', pausedMs)
		]);
	}
	const ended = playEnd(script, names);
	const late = ended.length > 0 ? script.late.flatMap((each) => playLeaf(each, names)) : [];
	drafts = [...drafts, ...ended, ...late];
	for (const { at, fields } of script.strangers) {
		drafts = insert(drafts, at, 0, [{ afterMs: 0, fields }]);
	}
	return drafts;
}

/** Gives drafts their ids and times, going on after `lastId` and `atMs`. */
function written(drafts: Draft[], lastId: number, atMs: number): RunEvent[] {
	let eventId = lastId;
	let timestamp = atMs;
	return drafts.map(({ afterMs, fields }) => {
		eventId += 1;
		timestamp += afterMs;
		return { ...fields, eventId, timestamp };
	});
}

const BEGUN_AT = 1_700_000_000_000;

/** Any history, of a run that ended or that is still at it. */
export const anyHistory: fc.Arbitrary<RunEvent[]> = script.map((each) =>
	written(played(each), 0, BEGUN_AT)
);

/** A history and the one that a restart makes of it: from the beginning, or from a step on. */
export const anyRestart: fc.Arbitrary<{ before: RunEvent[]; after: RunEvent[] }> = fc
	.record({ first: script, second: script, from: fc.option(fc.nat(200)) })
	.map(({ first, second, from }) => {
		const before = written(played(first), 0, BEGUN_AT);
		const laterMs = (before.at(-1)?.timestamp ?? BEGUN_AT) + 5000;
		const again = played(second);
		if (from === null) return { before, after: written(again, 0, laterMs) };
		const kept = keptFrom(before, from);
		const anew = again.filter(({ fields }) => !KEPT_TYPES.includes(fields.type));
		return { before, after: [...kept, ...written(anew, kept.at(-1)?.eventId ?? 0, laterMs)] };
	});

const KEPT_TYPES = ['workflow_queued', 'workflow_started'];

/** What a restart from a step leaves: how the run began, and the steps before that one. */
function keptFrom(before: RunEvent[], from: number): RunEvent[] {
	const steps = [
		...new Set(before.flatMap(({ stepName: name }) => (name === undefined ? [] : [name])))
	];
	const wiped = new Set(steps.slice(from % (steps.length + 1)));
	return before.filter(({ type, stepName: name }) =>
		name === undefined ? KEPT_TYPES.includes(type) : !wiped.has(name)
	);
}

/** Any deliveries of a history: batches that may repeat what came before, never leave a gap. */
export function anyDelivery(events: RunEvent[]): fc.Arbitrary<RunEvent[][]> {
	return fc
		.array(fc.record({ back: fc.nat(events.length), size: fc.nat(12) }), { maxLength: 30 })
		.map((cuts) => {
			const batches: RunEvent[][] = [];
			let delivered = 0;
			for (const { back, size } of cuts) {
				const from = Math.max(0, delivered - back);
				const to = Math.min(events.length, Math.max(from + size, 0));
				batches.push(events.slice(from, to));
				delivered = Math.max(delivered, to);
			}
			return [...batches, events.slice(delivered)];
		});
}
