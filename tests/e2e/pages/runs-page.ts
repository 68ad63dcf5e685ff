import { expect, type Locator, type Page } from '@playwright/test';

/** The list of runs. */
export class RunsPage {
	readonly page: Page;
	readonly table: Locator;
	readonly query: Locator;
	/** The button that shows new runs. */
	readonly pill: Locator;
	/** The underlined errors of the query. */
	readonly mistakes: Locator;

	constructor(page: Page) {
		this.page = page;
		this.table = page.getByRole('table', { name: 'Runs' });
		this.query = page.getByRole('combobox', { name: 'Query' });
		this.mistakes = page.locator('mark');
		this.pill = page.getByRole('button', { name: / new$/ });
	}

	async open(q = ''): Promise<void> {
		await this.page.goto(q === '' ? '/runs' : `/runs?q=${encodeURIComponent(q)}`);
	}

	/** The row of a run. */
	row(id: string): Locator {
		return this.table.getByRole('row').filter({ has: this.link(id) });
	}

	/** Selects a run; with `range`, all runs from the last selected one. */
	async select(id: string, reach: 'one' | 'range' = 'one'): Promise<void> {
		await this.row(id)
			.getByRole('checkbox')
			.click({ modifiers: reach === 'range' ? ['Shift'] : [] });
	}

	/** The count of a status. */
	count(status: string): Locator {
		return this.page
			.getByRole('group', { name: 'Runs by status' })
			.getByRole('button', { name: status });
	}

	/** The link of a row; its name carries the status. */
	link(id: string): Locator {
		return this.page.getByRole('link', { name: new RegExp(`^[A-Z_]+/${id}: `) });
	}

	/** The head of a column. */
	head(name: string): Locator {
		return this.table.getByRole('columnheader', { name });
	}

	/** The names of all columns, in order. */
	async heads(): Promise<string[]> {
		const names = await this.table.getByRole('columnheader').allInnerTexts();
		return names.map((name) => name.trim());
	}

	/** The handle that resizes a column. */
	grip(name: string): Locator {
		return this.table.getByRole('separator', { name: `Width of ${name}` });
	}

	async settings(): Promise<Locator> {
		await this.page.getByRole('button', { name: 'Display options' }).click();
		return this.page.getByRole('dialog', { name: 'Display options' });
	}

	/** The width of a text in the query field, px. */
	async widthOf(text: string): Promise<number> {
		return this.query.evaluate((input, words) => {
			const { font, fontFeatureSettings } = getComputedStyle(input);
			const probe = document.createElement('span');
			Object.assign(probe.style, {
				font,
				fontFeatureSettings,
				position: 'fixed',
				whiteSpace: 'pre'
			});
			probe.textContent = words;
			document.body.append(probe);
			const { width } = probe.getBoundingClientRect();
			probe.remove();
			return width;
		}, text);
	}

	/** The name of the row under the pointer; null if there is none. */
	async pointedAt(): Promise<string | null> {
		const row = this.table.locator('[role="row"]:hover');
		return (await row.count()) === 0
			? null
			: row.getByRole('link').first().getAttribute('aria-label');
	}

	async expectStatus(id: string, words: string): Promise<void> {
		await expect(this.link(id)).toHaveAccessibleName(new RegExp(`: ${words}$`));
	}

	/** Key and status of every row, in order. */
	async rows(): Promise<string[]> {
		return this.table
			.getByRole('link', { name: /^[A-Z_]+\/[^ ]+: / })
			.evaluateAll((links) => links.map((link) => link.getAttribute('aria-label') ?? ''));
	}
}
