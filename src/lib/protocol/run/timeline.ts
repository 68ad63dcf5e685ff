// What happened when: a run's history as rows with a beginning and an end. Where `fold` keeps only
// what a run is now, this keeps every step and attempt. It is total like `fold`: unknown events,
// missing ends, clocks that go backwards and repeated events give a picture, never an error.
import type { RunEvent, RunEventType } from './events';
import { firstDue, isReplay } from './sleeps';
import {
	changeRow,
	endRow,
	leftOver,
	newRow,
	type RowKind,
	type TimelineRow
} from './timeline-row';

export type { AttemptState, RowKind, RowState, TimelineAttempt, TimelineRow } from './timeline-row';

/** `to` is null while it lasts. */
export type Pause = { from: number; to: number | null };

/** The run's own span; what the history has not said yet is null. */
export type RunSpan = {
	queuedAt: number | null;
	startedAt: number | null;
	endedAt: number | null;
	/** Between being queued and being started. */
	queueMs: number | null;
	end: 'completed' | 'errored' | 'terminated' | null;
};

export type Timeline = {
	/** In the order of their start. */
	rows: readonly TimelineRow[];
	pauses: readonly Pause[];
	run: RunSpan;
	/** The first and the last time that the history names; null before its first event. */
	from: number | null;
	to: number | null;
	/** The id of the last event read. */
	cursor: number;
};

/** Reads a whole history. To go on with one as it grows, use {@link TimelineBuilder}. */
export function buildTimeline(events: readonly RunEvent[]): Timeline {
	return new TimelineBuilder().append(events);
}

/**
 * The timeline of a history that will not go on, though it says nothing of an end: a restart or the
 * loss of the instance cut it off. What was open is closed at the last time that is known.
 */
export function cutShort(timeline: Timeline): Timeline {
	const { rows, pauses, run, to: at } = timeline;
	if (run.endedAt !== null || at === null) return timeline;
	return {
		...timeline,
		rows: rows.map((row) => (row.endedAt === null ? endRow(row, at, leftOver(row)) : row)),
		pauses: pauses.map((pause) => (pause.to === null ? { ...pause, to: at } : pause)),
		run: { ...run, endedAt: at }
	};
}

/**
 * Reads a history bit by bit. Each `append` answers with a new timeline in which rows that did not
 * change are the same objects as before, so a view draws only what is new.
 */
export class TimelineBuilder {
	#rows: TimelineRow[] = [];
	#places = new Map<string, number>();
	#open = new Set<string>();
	/** How many sleeps of each name began, and when each was due before pauses shifted that. */
	#sleeps = new Map<string, number>();
	#planned = new Map<string, number>();
	#pauses: readonly Pause[] = [];
	#run: RunSpan = { queuedAt: null, startedAt: null, endedAt: null, queueMs: null, end: null };
	#from: number | null = null;
	#to: number | null = null;
	#cursor = 0;
	#sorted = true;

	/** Reads on. Events that were read before are passed over. */
	append(events: readonly RunEvent[]): Timeline {
		for (const event of inOrder(events)) {
			if (event.eventId <= this.#cursor) continue;
			this.#cursor = event.eventId;
			this.#from = Math.min(this.#from ?? event.timestamp, event.timestamp);
			this.#to = Math.max(this.#to ?? event.timestamp, event.timestamp);
			if (event.type.startsWith('workflow_')) this.#readRun(event);
			else if (typeof event.stepName === 'string') this.#readStep(event, event.stepName);
		}
		this.#sort();
		return {
			rows: this.#rows.slice(),
			pauses: this.#pauses,
			run: this.#run,
			from: this.#from,
			to: this.#to,
			cursor: this.#cursor
		};
	}

	#readRun({ type, timestamp: at }: RunEvent): void {
		switch (type) {
			case 'workflow_queued':
				this.#run = { ...this.#run, queuedAt: this.#run.queuedAt ?? at };
				break;
			case 'workflow_started':
			case 'workflow_running':
				this.#goOn(at);
				break;
			case 'workflow_paused':
				if (this.#pauses.at(-1)?.to === null) break;
				this.#pauses = [...this.#pauses, { from: at, to: null }];
				break;
			case 'workflow_completed':
				this.#end(at, 'completed');
				break;
			case 'workflow_errored':
				this.#end(at, 'errored');
				break;
			case 'workflow_terminated':
				this.#end(at, 'terminated');
		}
	}

	#goOn(at: number): void {
		this.#endPause(at);
		const startedAt = this.#run.startedAt ?? at;
		const { queuedAt } = this.#run;
		const queueMs = queuedAt === null ? null : Math.max(0, startedAt - queuedAt);
		this.#run = { queuedAt, startedAt, queueMs, endedAt: null, end: null };
	}

	#end(at: number, end: 'completed' | 'errored' | 'terminated'): void {
		this.#endPause(at);
		this.#run = { ...this.#run, endedAt: at, end };
		for (const key of this.#open) {
			const place = this.#places.get(key) ?? -1;
			const row = this.#rows[place];
			if (row) this.#rows[place] = endRow(row, at, leftOver(row));
		}
		this.#open.clear();
	}

	#endPause(at: number): void {
		const last = this.#pauses.at(-1);
		if (last?.to !== null) return;
		this.#pauses = [...this.#pauses.slice(0, -1), { ...last, to: Math.max(last.from, at) }];
		this.#putOff(last.from, at - last.from);
	}

	/** What was due is due later by as long as the run was paused, as `fold` has it. */
	#putOff(pausedAt: number, laterMs: number): void {
		if (laterMs <= 0) return;
		for (const key of this.#open) {
			const place = this.#places.get(key) ?? -1;
			const row = this.#rows[place];
			if (!row || row.dueAt === null) continue;
			if (row.kind === 'sleep' && row.startedAt > pausedAt) continue;
			this.#rows[place] = { ...row, dueAt: row.dueAt + laterMs };
		}
	}

	#readStep(event: RunEvent, stepName: string): void {
		const kind = KINDS.get(event.type);
		if (!kind) return;
		const isSleep = kind === 'sleep';
		const fresh = newRow(kind, stepName, event.timestamp);
		const known = isSleep ? this.#sleepOf(event, fresh) : (this.#rowOf(fresh.key) ?? fresh);
		const place = this.#places.get(known.key) ?? this.#rows.length;
		const row = changeRow(known, event.type.replace(/^rollback_/, ''), event);
		this.#rows[place] = row;
		this.#places.set(row.key, place);
		if (isSleep && row.dueAt !== null && !this.#planned.has(row.key)) {
			this.#planned.set(row.key, row.dueAt);
		}
		if (row.endedAt === null) this.#open.add(row.key);
		else this.#open.delete(row.key);
		this.#sorted &&= (this.#rows[place - 1]?.startedAt ?? 0) <= row.startedAt;
	}

	#rowOf(key: string): TimelineRow | undefined {
		return this.#rows[this.#places.get(key) ?? -1];
	}

	/** The row of a sleep, which is one of several where the engine gave them one name. */
	#sleepOf({ type, timestamp, durationMs }: RunEvent, fresh: TimelineRow): TimelineRow {
		const open = [...this.#open].flatMap((key) => {
			const row = this.#rowOf(key);
			return row?.kind === 'sleep' && row.stepName === fresh.stepName ? [row] : [];
		});
		const sleep = { since: timestamp, dueAt: timestamp + Number(durationMs) };
		const known =
			type === 'sleep_started'
				? open.find(({ key, startedAt, dueAt }) =>
						isReplay(sleep, { since: startedAt, dueAt: this.#planned.get(key) ?? dueAt ?? 0 })
					)
				: firstDue(open);
		if (known) return known;
		const count = (this.#sleeps.get(fresh.name) ?? 0) + 1;
		this.#sleeps.set(fresh.name, count);
		return { ...fresh, key: `sleep:${fresh.name}-${count}`, count };
	}

	/** Rows nearly always begin in the order of their events; a clock that went back is mended. */
	#sort(): void {
		if (this.#sorted) return;
		this.#rows.sort((a, b) => a.startedAt - b.startedAt);
		this.#places = new Map(this.#rows.map((row, place) => [row.key, place]));
		this.#sorted = true;
	}
}

/** The key of the row that an event of this timeline belongs to; null for one that belongs to none. */
export function rowKeyOf(
	{ type, stepName, timestamp }: RunEvent,
	rows: readonly TimelineRow[]
): string | null {
	const kind = KINDS.get(type);
	if (!kind || typeof stepName !== 'string') return null;
	if (kind !== 'sleep') return `${kind}:${stepName}`;
	const end = type === 'sleep_started' ? 'startedAt' : 'endedAt';
	const named = rows.filter((row) => row.kind === kind && row.stepName === stepName);
	return (named.find((row) => row[end] === timestamp) ?? named[0])?.key ?? null;
}

const KINDS: ReadonlyMap<string, RowKind> = new Map([
	...kinds('step', 'step_started', 'step_completed', 'step_errored'),
	...kinds('step', 'attempt_started', 'attempt_completed', 'attempt_errored'),
	...kinds('sleep', 'sleep_started', 'sleep_completed'),
	...kinds('wait', 'wait_started', 'wait_completed', 'wait_timed_out'),
	...kinds('rollback', 'rollback_step_started', 'rollback_step_completed', 'rollback_step_errored'),
	...kinds('rollback', 'rollback_attempt_started', 'rollback_attempt_completed'),
	...kinds('rollback', 'rollback_attempt_errored')
]);

function kinds(kind: RowKind, ...types: RunEventType[]): [RunEventType, RowKind][] {
	return types.map((type) => [type, kind]);
}

function inOrder(events: readonly RunEvent[]): readonly RunEvent[] {
	const sorted = events.every(
		(event, index) => index === 0 || (events[index - 1]?.eventId ?? 0) <= event.eventId
	);
	return sorted ? events : events.toSorted((a, b) => a.eventId - b.eventId);
}
