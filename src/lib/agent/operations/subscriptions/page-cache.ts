import type { Fleet } from '../fleet';
import type { IndexedPage } from '../run-index/run-index';

/** Pages of runs that are read once for everybody who shows the same one in one push. */
export class PageCache {
	readonly #fleet: Fleet;
	readonly #pages = new Map<string, IndexedPage>();

	constructor(fleet: Fleet) {
		this.#fleet = fleet;
	}

	/** @throws ProblemError `invalid-input`, for a mistake in the query or a foreign cursor */
	readPage(...asked: Parameters<Fleet['page']>): IndexedPage {
		const key = JSON.stringify(asked);
		const page = this.#pages.get(key) ?? this.#fleet.page(...asked);
		this.#pages.set(key, page);
		return page;
	}

	/** The index may have changed. */
	clear(): void {
		this.#pages.clear();
	}
}
