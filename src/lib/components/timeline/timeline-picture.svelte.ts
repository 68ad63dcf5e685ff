import type { Clock } from '$lib/client';
import type { Timeline } from '$lib/protocol';
import { untrack } from 'svelte';
import { idlePeriods, type IdlePeriod } from './model/idle';
import { dueTime } from '../run/overdue';
import type { Span, TimeRange } from './model/scale';
import { endAfter, spanOf } from './model/ticks';

/** Of so little time, bars are seen to grow between two seconds. */
const YOUNG_MS = 120_000;
/** With more rows, what looks at all of them waits for the next second or for so many more. */
const MANY = 512;

/** What a picture is made from. */
export type PictureInputs = {
	timeline: () => Timeline;
	clock: Clock;
	/** Is an idle stretch shown in true length? */
	isUnfolded: (idle: IdlePeriod) => boolean;
	/** The range of time that is looked at; null for all of it. */
	seen: () => TimeRange | null;
};

/** A timeline as it is drawn now: its axis, its folds, and by which time its bars grow. */
export class TimelinePicture {
	readonly #host: PictureInputs;
	/** The first time that the history names: the axis begins here. */
	readonly from: number = $derived.by(() => this.#host.timeline().from ?? this.#host.clock.read());
	/** When the picture ends; null while the run lasts. */
	readonly endedAt: number | null = $derived.by(() => {
		const { run, to } = this.#host.timeline();
		return run.endedAt === null ? null : to;
	});
	readonly now: number = $derived.by(() => {
		if (this.endedAt !== null) return this.endedAt;
		const { clock } = this.#host;
		const seen = this.#host.seen();
		const seenMs = seen ? seen.to - seen.from : clock.now - this.from;
		return seenMs < YOUNG_MS ? clock.precise : clock.now;
	});
	/** The time by which things are due. */
	readonly dueNow: number = $derived.by(() => dueTime(this.#host.timeline().pauses, this.now));
	/** Looked for each second only: with many steps that takes a while. */
	readonly #idleUntil: number = $derived.by(() => this.endedAt ?? this.#host.clock.now);
	/** As the timeline was not long ago, for what looks at every row of it. */
	readonly calm: Timeline = $derived.by(() => this.#calm());
	readonly idle: readonly IdlePeriod[] = $derived.by(() => idlePeriods(this.calm, this.#idleUntil));
	readonly axis: Span = $derived.by(() => this.#axis());

	constructor(host: PictureInputs) {
		this.#host = host;
	}

	#calm(): Timeline {
		const { length } = this.#host.timeline().rows;
		if (length <= MANY) return this.#host.timeline();
		this.#pace();
		return untrack(this.#host.timeline);
	}

	/** Reads what a new look at all rows waits for. */
	#pace(): unknown {
		return [this.#idleUntil, this.from, this.#manyRows];
	}

	readonly #manyRows: number = $derived.by(() => this.#host.timeline().rows.length >> 8);

	// The end of the axis moves by whole ticks: what stands still is then left alone.
	readonly #end: number = $derived.by(
		() => spanOf({ from: this.from, to: this.endedAt }, this.now).to
	);

	#axis(): Span {
		const { from, endedAt } = this;
		const until = this.#idleUntil;
		const isGrowing = endedAt === null && this.idle.at(-1)?.to === until;
		const folds = this.idle
			.filter((stretch) => !this.#host.isUnfolded(stretch))
			.map((stretch) =>
				isGrowing && stretch.to === until ? { ...stretch, to: this.now } : stretch
			);
		const isLastFolded = isGrowing && folds.at(-1)?.to === this.now;
		const to = isLastFolded ? endAfter(from, folds) : this.#end;
		// A link can name time after the end: of a run that was restarted, for one.
		return { from, to: Math.max(to, this.#host.seen()?.to ?? to), folds };
	}
}
