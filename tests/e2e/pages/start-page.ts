import { expect, type Locator, type Page } from '@playwright/test';

/** The catalogue and the form that starts a workflow. */
export class StartPage {
	readonly page: Page;
	readonly start: Locator;

	constructor(page: Page) {
		this.page = page;
		this.start = page.getByRole('button', { name: 'Start', exact: true });
	}

	/** Opens the form of a workflow. */
	async open(workflow: string): Promise<void> {
		await this.page.goto(`/workflows?workflow=${workflow}`);
		await expect(this.start).toBeVisible();
	}

	/** Opens the form of a workflow with its example. */
	async openExample(workflow: string): Promise<void> {
		await this.open(workflow);
		await this.page.getByRole('button', { name: 'Fill in the example' }).click();
	}

	/** A field by its label. */
	field(name: string): Locator {
		return this.page.getByRole('textbox', { name: new RegExp(`^${name}( optional)?$`) });
	}

	/** Fills in the options beside the params. */
	async setOptions(options: { Agent?: string; ID?: string; Metadata?: string }): Promise<void> {
		const summary = this.page.getByText('Agent, ID and metadata');
		if (!(await this.field('Metadata').isVisible())) await summary.click();
		for (const [name, value] of Object.entries(options)) {
			await this.field(name).fill(value);
		}
	}
}
