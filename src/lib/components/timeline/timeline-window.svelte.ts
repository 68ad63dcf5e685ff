import { followed, lensOf, panned, rangeOf, zoomed } from './model/lens';
import { WHOLE, type Lens, type Span, type TimeRange } from './model/scale';
import { formatRange, parseRange } from './model/time-range';

/** The URL is written after a gesture rests this long, in ms. */
const REST_MS = 250;

export type WindowInputs = {
	/** The range in the URL; null for the whole run. */
	param: () => string | null;
	write: (param: string | null) => Promise<void>;
	/** Without a lens. */
	axis: () => Span;
	/** When the run started; ranges in the URL count from it. */
	zero: () => number;
	/** Only an active run can be followed. */
	isLive: () => boolean;
	now: () => number;
};

/**
 * The visible part of a timeline, and whether it follows the current time. It is a time range, so
 * that it stays the same while the axis grows or a fold opens.
 */
export class TimelineWindow {
	#inputs: WindowInputs;
	/** Chosen here; valid while the URL has one of `params`. */
	#chosen = $state.raw<{ range: TimeRange | null; params: readonly (string | null)[] } | null>(
		null
	);
	#following = $state(false);
	#timer: ReturnType<typeof setTimeout> | undefined;
	#range: TimeRange | null;
	#lens: Lens;

	constructor(inputs: WindowInputs, follows: boolean) {
		this.#inputs = inputs;
		this.#following = follows;
		this.#range = $derived.by(() => {
			const param = inputs.param();
			const range = this.#chosen?.params.includes(param)
				? this.#chosen.range
				: parseRange(param, inputs.zero());
			return range && this.following ? followed(range, inputs.now()) : range;
		});
		this.#lens = $derived(lensOf(inputs.axis(), this.#range));
	}

	/** The visible time range; null for all of it. */
	get range(): TimeRange | null {
		return this.#range;
	}

	/** The range as in a URL. */
	get param(): string | null {
		return this.#range && formatRange(this.#range, this.#inputs.zero());
	}

	get lens(): Lens {
		return this.#lens;
	}

	get isZoomed(): boolean {
		return this.#range !== null && this.#lens !== WHOLE;
	}

	/** Does it keep the current time in view? */
	get following(): boolean {
		return this.#following && this.#inputs.isLive();
	}

	follow(isOn: boolean): void {
		if (!isOn && this.#following) this.#choose(this.#range);
		this.#following = isOn;
	}

	/** Above 1 zooms in, around a place in percent of the visible range. */
	zoom(factor: number, percent = 50): void {
		this.show(zoomed(this.#lens, factor, percent));
	}

	/** Above 0 pans to later time, by percent of the visible range. */
	pan(percent: number): void {
		if (!this.isZoomed) return;
		if (percent < 0) this.follow(false);
		this.show(panned(this.#lens, percent));
	}

	fit(): void {
		this.show(WHOLE);
	}

	show(lens: Lens): void {
		this.#choose(rangeOf(this.#inputs.axis(), lens));
	}

	/** Cancels a pending write to the URL. */
	dispose(): void {
		clearTimeout(this.#timer);
	}

	#choose(range: TimeRange | null): void {
		const before = this.#inputs.param();
		this.#chosen = { range, params: [before] };
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.#write(range, before), REST_MS);
	}

	async #write(range: TimeRange | null, before: string | null): Promise<void> {
		const param = range && formatRange(range, this.#inputs.zero());
		const chosen = { range, params: [before, param] };
		this.#chosen = chosen;
		if (param !== before) await this.#inputs.write(param);
		// From here on, another URL is a new navigation.
		if (this.#chosen === chosen) this.#chosen = { range, params: [param] };
	}
}
