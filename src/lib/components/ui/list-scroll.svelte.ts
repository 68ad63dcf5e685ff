import type { Attachment } from 'svelte/attachments';
import { scrollToRow } from './visible-rows';

export type ScrollOptions = {
	/** The height of what stays above the rows, px. */
	headHeight?: number;
	/** The user scrolled up. */
	onScrollUp?: () => void;
};

/** What scrolls a list when the user does it. */
const INPUTS = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;

type Wanted = { index: number; rowHeight: number; withPage: boolean };

/** The scroll position of a long list; tells scrolling by the user from scrolling by the page. */
export class ListScroll {
	readonly #options: ScrollOptions;
	#element: HTMLElement | null = null;
	#top = $state(0);
	#height = $state(600);
	/** Where the page itself scrolled to. */
	#pageTop = 0;
	/** Did the user do anything that scrolls, since the page scrolled last? */
	#hasInput = false;
	#isFirst = true;
	#wanted: Wanted | null = null;

	constructor(options: ScrollOptions = {}) {
		this.#options = options;
	}

	readonly attach: Attachment<HTMLElement> = (element) => {
		this.#element = element;
		const measure = new ResizeObserver(() => (this.#height = element.clientHeight));
		measure.observe(element);
		const onscroll = () => this.#onScroll(element.scrollTop);
		element.addEventListener('scroll', onscroll, { passive: true });
		// A list that shrinks scrolls by itself, too: only what follows an input is the user's.
		const oninput = () => (this.#hasInput = true);
		for (const type of INPUTS) element.addEventListener(type, oninput, { passive: true });
		return () => {
			measure.disconnect();
			element.removeEventListener('scroll', onscroll);
			for (const type of INPUTS) element.removeEventListener(type, oninput);
			this.#element = null;
		};
	};

	get top(): number {
		return this.#top;
	}

	/** The height of the part that shows rows, px. */
	get rowsHeight(): number {
		return Math.max(0, this.#height - (this.#options.headHeight ?? 0));
	}

	/**
	 * Scrolls the list and the page just far enough to show a row; the first time, for a link, so that
	 * the row is in the middle. Calls are combined in the next frame, as each needs a layout.
	 */
	showRow(index: number, rowHeight: number): void {
		this.#want({ index, rowHeight, withPage: true });
	}

	/** The same, but never scrolls the page: for what the user did not ask for. */
	keepRowInView(index: number, rowHeight: number): void {
		this.#want({ index, rowHeight, withPage: false });
	}

	#want(wanted: Wanted): void {
		if (wanted.index < 0) return;
		if (this.#wanted === null) requestAnimationFrame(() => this.#showWanted());
		this.#wanted = wanted;
	}

	#showWanted(): void {
		const wanted = this.#wanted;
		this.#wanted = null;
		if (!this.#element || !wanted) return;
		const { scrollTop } = this.#element;
		const { index, rowHeight, withPage } = wanted;
		if (withPage) this.#element.scrollIntoView({ block: 'nearest' });
		const viewHeight = this.rowsHeight;
		const nearest = scrollToRow(index, { rowHeight, scrollTop, viewHeight });
		const top = this.#isFirst ? (index + 0.5) * rowHeight - viewHeight / 2 : nearest;
		this.#isFirst = false;
		if (top === scrollTop) return;
		this.#hasInput = false;
		this.#element.scrollTop = top;
		this.#pageTop = this.#element.scrollTop;
	}

	/** Scrolls by px, for a drag. */
	scrollBy(px: number): void {
		this.#hasInput = true;
		if (this.#element) this.#element.scrollTop += px;
	}

	/** The visible part of a height, as shares of it. */
	shareOf(height: number): { from: number; to: number } {
		const whole = Math.max(1, height);
		return {
			from: Math.min(1, this.#top / whole),
			to: Math.min(1, (this.#top + this.rowsHeight) / whole)
		};
	}

	/** Scrolls so that a share of a height is in the middle. */
	scrollToShare(share: number, height: number): void {
		this.#hasInput = true;
		if (this.#element) this.#element.scrollTop = share * height - this.rowsHeight / 2;
	}

	#onScroll(top: number): void {
		const isByPage = Math.abs(top - this.#pageTop) <= 2;
		if (this.#hasInput && !isByPage && top < this.#top - 1) this.#options.onScrollUp?.();
		this.#top = top;
	}
}
