import type { Locator, Page } from '@playwright/test';

/** Acting on many runs: from the bar below the list to the results on the page of the job. */
export class BulkPage {
	readonly page: Page;
	/** What can be done with the selected runs. */
	readonly bar: Locator;
	readonly dialog: Locator;
	/** The jobs that go on or have just ended. */
	readonly jobs: Locator;
	/** What became of each run. */
	readonly results: Locator;

	constructor(page: Page) {
		this.page = page;
		this.bar = page.getByRole('region', { name: 'Selected runs' });
		this.dialog = page.getByRole('dialog');
		this.jobs = page.getByRole('list', { name: 'Bulk jobs' });
		this.results = page.getByRole('region', { name: /: results$/ });
	}

	/** Chooses what to do with the selected runs. */
	async choose(action: string): Promise<void> {
		await this.bar.getByRole('button', { name: 'Actions' }).click();
		await this.page.getByRole('menuitem', { name: `${action}…`, exact: true }).click();
	}

	/** Presses the button of the dialog that does it. */
	async confirm(verb: string): Promise<void> {
		await this.dialog.getByRole('button', { name: verb, exact: true }).click();
	}

	/** Narrows the results. */
	tab(name: string): Locator {
		return this.results.getByRole('tab', { name: new RegExp(`^${name}`) });
	}
}
