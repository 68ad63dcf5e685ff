import { expect, type Locator, type Page } from '@playwright/test';

/** Purge and audit. */
export class AdminPage {
	readonly page: Page;
	readonly query: Locator;
	readonly preview: Locator;

	constructor(page: Page) {
		this.page = page;
		this.query = page.getByRole('textbox', { name: 'Query' });
		this.preview = page.getByRole('button', { name: 'Preview' });
	}

	async open(tab?: 'audit' | 'doctor' | 'index'): Promise<void> {
		await this.page.goto(tab ? `/admin?tab=${tab}` : '/admin');
		await expect(this.page.getByRole('heading', { level: 1, name: 'Admin' })).toBeVisible();
	}

	/** A panel of the page by its title. */
	panel(name: string | RegExp): Locator {
		return this.page.getByRole('region', { name });
	}
}
