import { followed, lensOf, panned, rangeOf, zoomed } from './model/lens';
import { WHOLE, type Lens, type Span, type TimeRange } from './model/scale';
import { formatRange, parseRange } from './model/time-range';

/** The address is written once a gesture rests so long, Ms: not for each of its frames. */
const REST_MS = 250;

/** What a window is given. */
export type WindowInputs = {
	/** The range as the address has it; null for the whole run. */
	param: () => string | null;
	/** Writes it there. */
	write: (param: string | null) => Promise<void>;
	/** The axis without a lens. */
	axis: () => Span;
	/** When the run began: ranges are told since then. */
	zero: () => number;
	/** Does the run last? Only then there is a now to follow. */
	isLive: () => boolean;
	now: () => number;
};

/**
 * Which part of its time a timeline shows, and whether it goes along with now. What it shows is a
 * range of time, so that it stays the same while the axis grows or a fold opens.
 */
export class TimelineWindow {
	#host: WindowInputs;
	/** Chosen here, and as long as the address says one of `params`. */
	#chosen = $state.raw<{ range: TimeRange | null; params: readonly (string | null)[] } | null>(
		null
	);
	#following = $state(false);
	#timer: ReturnType<typeof setTimeout> | undefined;
	#range: TimeRange | null;
	#lens: Lens;

	constructor(host: WindowInputs, follows: boolean) {
		this.#host = host;
		this.#following = follows;
		this.#range = $derived.by(() => {
			const param = host.param();
			const range = this.#chosen?.params.includes(param)
				? this.#chosen.range
				: parseRange(param, host.zero());
			return range && this.following ? followed(range, host.now()) : range;
		});
		this.#lens = $derived(lensOf(host.axis(), this.#range));
	}

	/** The range of time that is seen; null for all of it. */
	get range(): TimeRange | null {
		return this.#range;
	}

	/** The range as an address has it. */
	get param(): string | null {
		return this.#range && formatRange(this.#range, this.#host.zero());
	}

	get lens(): Lens {
		return this.#lens;
	}

	get isZoomed(): boolean {
		return this.#range !== null && this.#lens !== WHOLE;
	}

	/** Does it keep now in sight? Only a run that lasts can be followed. */
	get following(): boolean {
		return this.#following && this.#host.isLive();
	}

	/** Turns following on or off. */
	follow(isOn: boolean): void {
		if (!isOn && this.#following) this.#choose(this.#range);
		this.#following = isOn;
	}

	/** Above 1 comes nearer, around a place in percent of what is seen. */
	zoom(factor: number, percent = 50): void {
		this.show(zoomed(this.#lens, factor, percent));
	}

	/** Goes to later (above 0) or earlier time, by percent of what is seen. */
	pan(percent: number): void {
		if (!this.isZoomed) return;
		if (percent < 0) this.follow(false);
		this.show(panned(this.#lens, percent));
	}

	/** Shows all of it. */
	fit(): void {
		this.show(WHOLE);
	}

	/** Shows a part of the axis. */
	show(lens: Lens): void {
		this.#choose(rangeOf(this.#host.axis(), lens));
	}

	/** Writes nothing more to the address. */
	dispose(): void {
		clearTimeout(this.#timer);
	}

	#choose(range: TimeRange | null): void {
		const before = this.#host.param();
		this.#chosen = { range, params: [before] };
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.#write(range, before), REST_MS);
	}

	async #write(range: TimeRange | null, before: string | null): Promise<void> {
		const param = range && formatRange(range, this.#host.zero());
		const chosen = { range, params: [before, param] };
		this.#chosen = chosen;
		if (param !== before) await this.#host.write(param);
		// From here on another address is another wish.
		if (this.#chosen === chosen) this.#chosen = { range, params: [param] };
	}
}
