import {
	capJson,
	knownEvent,
	ProblemError,
	runKey,
	toRunRow,
	type Change,
	type RunEvent,
	type RunRef,
	type RunRow,
	type View
} from '../../../protocol';
import type { ShownRun } from '../../rpc/agent-rpc';
import type { ShownPart } from '../runs/run-readers';
import type { ChangeSet } from '../change-set';
import { refusedChange, type Subscription } from './subscription';
import type { SubscriptionSources } from './subscription-sources';

/** A longer output of a step is fetched over HTTP when somebody opens it, bytes. */
const OUTPUT_BYTES = 32_768;
/** A long history is sent in parts of this many events, so that a page draws the first at once. */
const EVENTS_A_PART = 2_000;

/** One run with its history. */
export class RunSubscription implements Subscription {
	readonly run: RunRef;
	readonly #sources: SubscriptionSources;
	#sent: { generation: number; cursor: number; trailAt: number } | null = null;
	#hasMore = false;
	/** The family as it was sent last, and how many runs it has started. */
	#known = { text: '', keys: [] as string[], below: [] as RunRef[], children: 0 };

	get hasMore(): boolean {
		return this.#hasMore;
	}

	constructor({ workflow, id }: Extract<View, { kind: 'run' }>, sources: SubscriptionSources) {
		this.run = { workflow, id };
		this.#sources = sources;
	}

	async changeAfter(changes: ChangeSet | 'all'): Promise<Change | null> {
		const { fleet } = this.#sources;
		const key = runKey(this.run);
		if (changes !== 'all' && !this.#concerns(changes)) return null;
		const record = fleet.run(key);
		if (!record) return this.#sent ? { kind: 'run-gone' } : this.#unknown(key);
		const { generation } = record.run;
		const isWhole = changes === 'all' || this.#sent?.generation !== generation;
		const after = isWhole ? 0 : (this.#sent?.cursor ?? 0);
		const trailAfter = isWhole ? 0 : (this.#sent?.trailAt ?? 0);
		const limit = EVENTS_A_PART;
		const shown = await this.#readShown({ after, trailAfter, generation, limit });
		const read = shown?.events ?? [];
		const trailAt = shown?.trail.at(-1)?.at ?? trailAfter;
		this.#sent = { generation, cursor: read.at(-1)?.eventId ?? after, trailAt };
		this.#hasMore = read.length === EVENTS_A_PART;
		const body = {
			run: record.run,
			exact: record.exact,
			events: read.map(capped),
			...this.#family(isWhole),
			approvals: fleet.approvalsOf(this.run),
			...(shown && { held: shown.held, trail: shown.trail })
		};
		return isWhole
			? { kind: 'run', children: [], ancestors: [], ...body }
			: { kind: 'run-changed', ...body };
	}

	/** The run itself, one of its family, or a new one in it. */
	#concerns(changes: ChangeSet): boolean {
		const own = [runKey(this.run), ...this.#known.keys];
		if (own.some((key) => changes.runs.has(key))) return true;
		return (
			this.#sources.fleet.countChildren([this.run, ...this.#known.below]) !== this.#known.children
		);
	}

	/** The family, where it is another than was sent last. */
	#family(isWhole: boolean): { children: RunRow[]; ancestors: RunRow[] } | null {
		const { fleet } = this.#sources;
		const family = fleet.familyOf(this.run);
		const children = family.descendants.map(toRunRow);
		const ancestors = family.ancestors.map(toRunRow);
		const text = JSON.stringify([children, ancestors]);
		if (text === this.#known.text && !isWhole) return null;
		this.#known = {
			text,
			keys: [...children, ...ancestors].map(runKey),
			below: children.map(({ workflow, id }) => ({ workflow, id })),
			children: fleet.countChildren([this.run, ...children])
		};
		return { children, ancestors };
	}

	async #readShown(part: ShownPart): Promise<ShownRun | null> {
		try {
			return await this.#sources.readers.readShownRun(this.run, part);
		} catch (error) {
			// The Agent is away: what the index knows is shown, and the next change reads on.
			if (error instanceof ProblemError) return null;
			throw error;
		}
	}

	#unknown(key: string): Change {
		return refusedChange(this.#sources.fleet.unknownRun(key).problem);
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
