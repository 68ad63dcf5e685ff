import { goto, replaceState } from '$app/navigation';
import { page } from '$app/state';
import { parseQuery } from '$lib/protocol';
import { readRunsUrl, writeRunsUrl, type RunsPlace } from '$lib/features/runs/runs-url';

/** The URL follows after a pause: a navigation takes longer than the list, which follows at once. */
const URL_AFTER_MS = 300;

/** What the list looks at: the URL, and the text of the box, which is ahead of it. */
export class ListAddress {
	#url: RunsPlace = $derived(readRunsUrl(page.url));
	#typed = $state(readRunsUrl(page.url).q);
	#asked = $state(readRunsUrl(page.url).q);
	#onOther: () => void;
	/** The navigation that is under way is this one's own. */
	#isOwn = false;
	#timer: ReturnType<typeof setTimeout> | undefined;

	/** @param onOther another list than before is looked at */
	constructor(onOther: () => void) {
		this.#onOther = onOther;
	}

	/** The text of the box, mistakes and all. */
	get typed(): string {
		return this.#typed;
	}

	/** What the list shows: its query is the last one that could be read. */
	get place(): RunsPlace {
		return { ...this.#url, q: this.#asked };
	}

	/** The page was navigated to. Only another's navigation overrides what was typed. */
	arrived(type: string): void {
		const isOwn = this.#isOwn;
		this.#isOwn = false;
		if (isOwn) return;
		this.#typed = this.#url.q;
		this.#asked = this.#url.q;
		// Going back finds the list as it was left.
		if (type === 'link' || type === 'goto') this.#onOther();
	}

	/** The page is about to go elsewhere; the URL that it can come back to catches up. */
	leaving(type: string): void {
		if (this.#timer === undefined) return;
		this.#cancel();
		// Going back has left that URL already.
		if (type !== 'popstate') replaceState(writeRunsUrl(this.place), page.state);
	}

	/** Goes to a saved view, or to anything else that is looked at from the start. */
	open(place: RunsPlace): void {
		this.#typed = place.q;
		this.#asked = place.q;
		this.#onOther();
		this.#goto(place, false);
	}

	/** Looks at something otherwise: in another order, with other columns. */
	go(change: Partial<RunsPlace>): void {
		this.#goto({ ...this.place, ...change }, 'q' in change);
		if ('order' in change) this.#onOther();
	}

	/** The text as it is typed, or as a choice makes it. */
	type(q: string): void {
		this.#typed = q;
		this.#cancel();
		if (!parseQuery(q).ok) return;
		this.#ask(q);
		this.#timer = setTimeout(() => this.go({ q }), URL_AFTER_MS);
	}

	#ask(q: string): void {
		if (q === this.#asked) return;
		this.#asked = q;
		this.#onOther();
	}

	#goto(place: RunsPlace, replaceState: boolean): void {
		this.#cancel();
		this.#isOwn = true;
		void goto(writeRunsUrl(place), { keepFocus: true, noScroll: true, replaceState });
	}

	#cancel(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
	}
}
