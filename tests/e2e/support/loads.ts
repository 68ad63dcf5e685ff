import { expect, type Page } from '@playwright/test';

/** Proves that a page was never loaded again: what is kept in it is still there at the end. */
export class OneLoad {
	#page: Page;
	#loads = 0;

	private constructor(page: Page) {
		this.#page = page;
		page.on('domcontentloaded', () => this.#loads++);
	}

	/** Begins to watch a page that is loaded. */
	static async of(page: Page): Promise<OneLoad> {
		await page.evaluate(() => Object.assign(window, { keptByTheTest: true }));
		return new OneLoad(page);
	}

	/** Expects that the document is still the same one. */
	async expectSame(): Promise<void> {
		expect(this.#loads, 'the page was loaded again').toBe(0);
		expect(await this.#page.evaluate(() => 'keptByTheTest' in window)).toBe(true);
	}
}
