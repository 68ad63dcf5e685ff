import { goto, replaceState } from '$app/navigation';
import { page } from '$app/state';
import { parseQuery } from '$lib/protocol';
import { readRunsUrl, writeRunsUrl, type RunsPlace } from '$lib/features/runs/runs-url';

/** Navigating is slower than querying, so the URL follows the query after a pause. */
const URL_DELAY_MS = 300;

/** The URL of the list together with the text of the query field, which is ahead of the URL. */
export class ListAddress {
	#url: RunsPlace = $derived(readRunsUrl(page.url));
	#typed = $state(readRunsUrl(page.url).q);
	#asked = $state(readRunsUrl(page.url).q);
	#onListChange: () => void;
	/** Was the current navigation started here? */
	#isOwn = false;
	#timer: ReturnType<typeof setTimeout> | undefined;

	/** @param onListChange the query or the order has changed */
	constructor(onListChange: () => void) {
		this.#onListChange = onListChange;
	}

	/** The text of the query field, valid or not. */
	get typed(): string {
		return this.#typed;
	}

	/** What the list shows, with the last valid query. */
	get place(): RunsPlace {
		return { ...this.#url, q: this.#asked };
	}

	/** Takes the query from the URL, unless the navigation was started here. */
	afterNavigation(type: string): void {
		const isOwn = this.#isOwn;
		this.#isOwn = false;
		if (isOwn) return;
		this.#typed = this.#url.q;
		this.#asked = this.#url.q;
		// Going back restores the scroll position instead.
		if (type === 'link' || type === 'goto') this.#onListChange();
	}

	/** Writes a pending query to the URL before the page is left. */
	beforeNavigation(type: string): void {
		if (this.#timer === undefined) return;
		this.#cancel();
		// With popstate the URL has changed already.
		if (type !== 'popstate') replaceState(writeRunsUrl(this.place), page.state);
	}

	/** Opens a saved view or another list. */
	open(place: RunsPlace): void {
		this.#typed = place.q;
		this.#asked = place.q;
		this.#onListChange();
		this.#goto(place, false);
	}

	/** Changes parts of the URL, such as the order or the columns. */
	go(change: Partial<RunsPlace>): void {
		this.#goto({ ...this.place, ...change }, 'q' in change);
		if ('order' in change) this.#onListChange();
	}

	/**
	 * Sets the text of the query field, and the query if it is valid.
	 * @param settled the query without a word that is still being typed
	 */
	type(q: string, settled = q): void {
		this.#typed = q;
		this.#cancel();
		if (!parseQuery(settled).ok) return;
		this.#ask(settled);
		this.#timer = setTimeout(() => this.go({ q: settled }), URL_DELAY_MS);
	}

	#ask(q: string): void {
		if (q === this.#asked) return;
		this.#asked = q;
		this.#onListChange();
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
