import type { Clock } from '$lib/client';
import type { Timeline } from '$lib/protocol';
import { untrack } from 'svelte';
import { idlePeriods, type IdlePeriod } from './model/idle';
import { dueTime } from '../run/overdue';
import type { Span, TimeRange } from './model/scale';
import { endAfter, spanOf } from './model/ticks';

/** In a shorter range, bars visibly grow within a second. */
const YOUNG_MS = 120_000;
/** With more rows, readers of all rows update once a second or every 256 rows. */
const MANY_ROWS = 512;

export type PictureInputs = {
	timeline: () => Timeline;
	clock: Clock;
	/** Is an idle period shown in full length? */
	isUnfolded: (idle: IdlePeriod) => boolean;
	/** The visible time range; null for all of it. */
	visible: () => TimeRange | null;
};

/** A timeline as drawn now: its axis, its folds, and the time that bars grow to. */
export class TimelinePicture {
	readonly #inputs: PictureInputs;
	/** The first time of the history, where the axis starts. */
	readonly from: number = $derived.by(
		() => this.#inputs.timeline().from ?? this.#inputs.clock.read()
	);
	/** When the picture ends; null while the run lasts. */
	readonly endedAt: number | null = $derived.by(() => {
		const { run, to } = this.#inputs.timeline();
		return run.endedAt === null ? null : to;
	});
	readonly now: number = $derived.by(() => {
		if (this.endedAt !== null) return this.endedAt;
		const { clock } = this.#inputs;
		const visible = this.#inputs.visible();
		const visibleMs = visible ? visible.to - visible.from : clock.now - this.from;
		return visibleMs < YOUNG_MS ? clock.precise : clock.now;
	});
	/** The time that due times are compared with. */
	readonly dueNow: number = $derived.by(() => dueTime(this.#inputs.timeline().pauses, this.now));
	/** Updated once a second only: finding idle periods takes a while with many steps. */
	readonly #idleUntil: number = $derived.by(() => this.endedAt ?? this.#inputs.clock.now);
	/** A recent state of the timeline, for readers of every row. */
	readonly throttled: Timeline = $derived.by(() => this.#throttle());
	readonly idle: readonly IdlePeriod[] = $derived.by(() =>
		idlePeriods(this.throttled, this.#idleUntil)
	);
	readonly axis: Span = $derived.by(() => this.#axis());

	constructor(inputs: PictureInputs) {
		this.#inputs = inputs;
	}

	#throttle(): Timeline {
		const { length } = this.#inputs.timeline().rows;
		if (length <= MANY_ROWS) return this.#inputs.timeline();
		this.#pace();
		return untrack(this.#inputs.timeline);
	}

	/** Reads what triggers an update of {@link throttled}. */
	#pace(): unknown {
		return [this.#idleUntil, this.from, this.#manyRows];
	}

	readonly #manyRows: number = $derived.by(() => this.#inputs.timeline().rows.length >> 8);

	// The end of the axis moves by whole ticks, so that most updates redraw nothing.
	readonly #end: number = $derived.by(
		() => spanOf({ from: this.from, to: this.endedAt }, this.now).to
	);

	#axis(): Span {
		const { from, endedAt } = this;
		const until = this.#idleUntil;
		const isGrowing = endedAt === null && this.idle.at(-1)?.to === until;
		const folds = this.idle
			.filter((period) => !this.#inputs.isUnfolded(period))
			.map((period) => (isGrowing && period.to === until ? { ...period, to: this.now } : period));
		const isLastFolded = isGrowing && folds.at(-1)?.to === this.now;
		const to = isLastFolded ? endAfter(from, folds) : this.#end;
		// A link can name a time after the end, for example of a restarted run.
		return { from, to: Math.max(to, this.#inputs.visible()?.to ?? to), folds };
	}
}
