import type { Attachment } from 'svelte/attachments';

/** The height at the foot of a narrow page that the decision bar and the navigation cover, in px. */
const COVERED_PX = 130;
const NARROW = '(width < 64rem)';

/**
 * Knows whether a form has been on screen from its start to its end. Nobody can approve values that
 * they have not seen.
 */
export class SeenForm {
	#start: Element | undefined;
	#end: Element | undefined;
	#seen = $state.raw<readonly Element[]>([]);

	/** Marks where the form starts. */
	readonly start: Attachment = (element) => {
		this.#start = element;
		return this.#watch(element);
	};

	/** Marks where the form ends. */
	readonly end: Attachment = (element) => {
		this.#end = element;
		return this.#watch(element);
	};

	/** Has all of it been on screen? */
	get isSeen(): boolean {
		return this.#next === undefined;
	}

	/** Scrolls to the part that has not been on screen; false if there is none. */
	showNext(): boolean {
		const next = this.#next;
		next?.scrollIntoView({ block: next === this.#start ? 'start' : 'center' });
		return next !== undefined;
	}

	get #next(): Element | undefined {
		return [this.#start, this.#end].find((part) => part && !this.#seen.includes(part));
	}

	#watch(element: Element): () => void {
		const covered = matchMedia(NARROW).matches ? COVERED_PX : 0;
		const observer = new IntersectionObserver(
			(entries) => {
				if (entries.some(({ isIntersecting }) => isIntersecting)) {
					this.#seen = [...this.#seen, element];
					observer.disconnect();
				}
			},
			{ rootMargin: `0px 0px -${covered}px 0px` }
		);
		observer.observe(element);
		return () => observer.disconnect();
	}
}
