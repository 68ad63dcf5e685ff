import type { Locator, Page } from '@playwright/test';

/** The saved views above the list of runs. */
export class SavedViews {
	readonly page: Page;
	readonly tabs: Locator;
	readonly dialog: Locator;

	constructor(page: Page) {
		this.page = page;
		this.tabs = page.getByRole('navigation', { name: 'Saved views' });
		this.dialog = page.getByRole('dialog');
	}

	/** The tab of a view; its name carries the count. */
	tab(name: string): Locator {
		return this.tabs.getByRole('link', { name });
	}

	/** The view's line in the navigation of the page. */
	badge(name: string): Locator {
		return this.page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name });
	}

	/** A button beside the tabs: `Save`, `Save as…`, `Save view…`, `Reset`. */
	button(name: string): Locator {
		return this.page.getByRole('button', { name, exact: true });
	}

	async choose(entry: string): Promise<void> {
		await this.button('Views').click();
		await this.page.getByRole('menuitem', { name: entry }).click();
	}

	/** Fills in the dialog and saves. */
	async name(name: string, choices: { shared?: boolean; badge?: boolean } = {}): Promise<void> {
		await this.dialog.getByRole('textbox', { name: 'Name' }).fill(name);
		if (choices.shared)
			await this.dialog.getByRole('checkbox', { name: /^Share with everyone/ }).check();
		if (choices.badge) await this.dialog.getByRole('checkbox', { name: /^Show the count/ }).check();
		await this.dialog.getByRole('button', { name: 'Save' }).click();
	}
}
