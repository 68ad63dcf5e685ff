import type { Locator, Page } from '@playwright/test';

/** Bulk actions, from the selection bar to the results on the page of the job. */
export class BulkPage {
	readonly page: Page;
	readonly bar: Locator;
	readonly dialog: Locator;
	/** Current and recent jobs. */
	readonly jobs: Locator;
	/** The result of each run. */
	readonly results: Locator;

	constructor(page: Page) {
		this.page = page;
		this.bar = page.getByRole('region', { name: 'Selected runs' });
		this.dialog = page.getByRole('dialog');
		this.jobs = page.getByRole('list', { name: 'Bulk jobs' });
		this.results = page.getByRole('region', { name: /: results$/ });
	}

	async choose(action: string): Promise<void> {
		await this.bar.getByRole('button', { name: 'Actions' }).click();
		await this.page.getByRole('menuitem', { name: `${action}…`, exact: true }).click();
	}

	async confirm(verb: string): Promise<void> {
		await this.dialog.getByRole('button', { name: verb, exact: true }).click();
	}

	tab(name: string): Locator {
		return this.results.getByRole('tab', { name: new RegExp(`^${name}`) });
	}
}
