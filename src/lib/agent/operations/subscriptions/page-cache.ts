import type { IndexedPage } from '../run-index/run-index';
import type { VisibleFleet } from '../visible-fleet';

/** Pages of runs that are read once for everybody who sees and shows the same ones in one push. */
export class PageCache {
	readonly #pages = new Map<string, IndexedPage>();

	/** @throws ProblemError `invalid-input`, for a mistake in the query or a foreign cursor */
	readPage(fleet: VisibleFleet, ...asked: Parameters<VisibleFleet['page']>): IndexedPage {
		const key = JSON.stringify([fleet.reach, asked]);
		const page = this.#pages.get(key) ?? fleet.page(...asked);
		this.#pages.set(key, page);
		return page;
	}

	/** The index may have changed. */
	clear(): void {
		this.#pages.clear();
	}
}
