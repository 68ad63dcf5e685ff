import {
	capJson,
	knownEvent,
	ProblemError,
	runKey,
	toRunRow,
	unknownRun,
	type Change,
	type RunEvent,
	type RunRef,
	type RunRow,
	type View
} from '../../../protocol';
import type { ShownRun } from '../../rpc/agent-rpc';
import type { ShownPart } from '../runs/run-readers';
import type { Touched } from './changes';
import { refused, type Watch, type WatchHost } from './watch-contract';

/** A step's output longer than this is fetched over HTTP when it is looked at, bytes. */
const OUTPUT_BYTES = 32_768;
/** A long history is sent in parts of so many events, so that a page draws the first ones at once. */
const EVENTS_A_PART = 2_000;

/** One run with its history. */
export class RunWatch implements Watch {
	readonly run: RunRef;
	readonly #host: WatchHost;
	#sent: { generation: number; cursor: number; trailAt: number } | null = null;
	#isPartial = false;
	/** The family as it was sent last, and how many runs it has started. */
	#known = { text: '', keys: [] as string[], below: [] as RunRef[], children: 0 };

	get isPartial(): boolean {
		return this.#isPartial;
	}

	constructor({ workflow, id }: Extract<View, { kind: 'run' }>, host: WatchHost) {
		this.run = { workflow, id };
		this.#host = host;
	}

	async next(touched: Touched | 'all'): Promise<Change | null> {
		const { fleet } = this.#host;
		const key = runKey(this.run);
		if (touched !== 'all' && !this.#concerns(touched)) return null;
		const record = fleet.runs.get(key);
		if (!record) return this.#sent ? { kind: 'run-gone' } : this.#unknown(key);
		const { generation } = record.run;
		const afresh = touched === 'all' || this.#sent?.generation !== generation;
		const after = afresh ? 0 : (this.#sent?.cursor ?? 0);
		const trailAfter = afresh ? 0 : (this.#sent?.trailAt ?? 0);
		const limit = EVENTS_A_PART;
		const shown = await this.#show({ after, trailAfter, generation, limit });
		const read = shown?.events ?? [];
		const trailAt = shown?.trail.at(-1)?.at ?? trailAfter;
		this.#sent = { generation, cursor: read.at(-1)?.eventId ?? after, trailAt };
		this.#isPartial = read.length === EVENTS_A_PART;
		const body = {
			run: record.run,
			exact: record.exact,
			events: read.map(capped),
			...this.#family(afresh),
			approvals: fleet.approvals.of(this.run),
			...(shown && { held: shown.held, trail: shown.trail })
		};
		return afresh
			? { kind: 'run', children: [], ancestors: [], ...body }
			: { kind: 'run-changed', ...body };
	}

	/** The run itself, one of its family, or a new one in it. */
	#concerns(touched: Touched): boolean {
		const own = [runKey(this.run), ...this.#known.keys];
		if (own.some((key) => touched.runs.has(key))) return true;
		return (
			this.#host.fleet.runs.countChildren([this.run, ...this.#known.below]) !== this.#known.children
		);
	}

	/** The family, where it is another than was sent last. */
	#family(afresh: boolean): { children: RunRow[]; ancestors: RunRow[] } | null {
		const { runs } = this.#host.fleet;
		const family = runs.familyOf(this.run);
		const children = family.descendants.map(toRunRow);
		const ancestors = family.ancestors.map(toRunRow);
		const text = JSON.stringify([children, ancestors]);
		if (text === this.#known.text && !afresh) return null;
		this.#known = {
			text,
			keys: [...children, ...ancestors].map(runKey),
			below: children.map(({ workflow, id }) => ({ workflow, id })),
			children: runs.countChildren([this.run, ...children])
		};
		return { children, ancestors };
	}

	async #show(part: ShownPart): Promise<ShownRun | null> {
		try {
			return await this.#host.show(this.run, part);
		} catch (error) {
			// The Agent is away: what the index knows is shown, and the next change reads on.
			if (error instanceof ProblemError) return null;
			throw error;
		}
	}

	#unknown(key: string): Change {
		return refused(unknownRun(key, this.#host.fleet.runs.tombstone(key)).problem);
	}
}

function capped(given: RunEvent): RunEvent {
	const event = knownEvent(given);
	if (!event) return given;
	if (event.type === 'step_completed' || event.type === 'workflow_completed') {
		return event.output === undefined
			? event
			: { ...event, output: capJson(event.output, OUTPUT_BYTES) };
	}
	if (event.type === 'workflow_started' && event.params !== undefined) {
		return { ...event, params: capJson(event.params, OUTPUT_BYTES) };
	}
	return event;
}
