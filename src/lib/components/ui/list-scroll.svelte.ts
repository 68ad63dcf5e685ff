import type { Attachment } from 'svelte/attachments';
import { scrollToRow } from './visible-rows';

/** What a list's scrolling is given. */
export type ScrollOptions = {
	/** What stays above the rows takes so much of the view, px. */
	headHeight?: number;
	/** A hand scrolled back. */
	onBack?: () => void;
};

type Wanted = { index: number; rowHeight: number; withPage: boolean };

/** How far the rows of a long list are scrolled, and who did it: a hand, or the page. */
export class ListScroll {
	readonly #host: ScrollOptions;
	#element: HTMLElement | null = null;
	#top = $state(0);
	#height = $state(600);
	/** Where the page itself scrolled to. */
	#own = 0;
	#isFirst = true;
	#wanted: Wanted | null = null;

	constructor(host: ScrollOptions = {}) {
		this.#host = host;
	}

	readonly attach: Attachment<HTMLElement> = (element) => {
		this.#element = element;
		const measure = new ResizeObserver(() => (this.#height = element.clientHeight));
		measure.observe(element);
		const onscroll = () => this.#moved(element.scrollTop);
		element.addEventListener('scroll', onscroll, { passive: true });
		return () => {
			measure.disconnect();
			element.removeEventListener('scroll', onscroll);
			this.#element = null;
		};
	};

	get top(): number {
		return this.#top;
	}

	/** How high the part is in which rows are seen. */
	get rowsHeight(): number {
		return Math.max(0, this.#height - (this.#host.headHeight ?? 0));
	}

	/**
	 * Scrolls no further than it must to show a row; the first time, which is for a link, so that the
	 * row is in the middle. With the next frame, once for all that asked:
	 * the browser has to lay the page out for it.
	 */
	show(index: number, rowHeight: number): void {
		this.#want({ index, rowHeight, withPage: true });
	}

	/** The same within the list, wherever on the page that is: for what is not a hand's wish. */
	keep(index: number, rowHeight: number): void {
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
		this.#element.scrollTop = top;
		this.#own = this.#element.scrollTop;
	}

	/** Scrolls by px, for a hand that drags. */
	by(px: number): void {
		if (this.#element) this.#element.scrollTop += px;
	}

	/** What is seen of so much, as shares. */
	shareOf(height: number): { from: number; to: number } {
		const whole = Math.max(1, height);
		return {
			from: Math.min(1, this.#top / whole),
			to: Math.min(1, (this.#top + this.rowsHeight) / whole)
		};
	}

	/** Scrolls so that a share of so much is in the middle. */
	toShare(share: number, height: number): void {
		if (this.#element) this.#element.scrollTop = share * height - this.rowsHeight / 2;
	}

	#moved(top: number): void {
		const isOwn = Math.abs(top - this.#own) <= 2;
		if (!isOwn && top < this.#top - 1) this.#host.onBack?.();
		this.#top = top;
	}
}
