import { expect, type Locator, type Page } from '@playwright/test';

/** What waits for a decision. */
export class ApprovalsPage {
	readonly page: Page;
	readonly dialog: Locator;

	constructor(page: Page) {
		this.page = page;
		this.dialog = page.getByRole('dialog');
	}

	async open(): Promise<void> {
		await this.page.goto('/approvals');
		await expect(this.page.getByRole('heading', { level: 1, name: 'Approvals' })).toBeVisible();
	}

	/** The approval of a run. */
	of(runId: string): Locator {
		return this.page.getByRole('article').filter({
			has: this.page.getByRole('link', { name: new RegExp(` ${runId}$`) })
		});
	}

	button(runId: string, verb: 'Approve' | 'Reject'): Locator {
		return this.of(runId).getByRole('button', { name: verb });
	}

	/** Opens the dialog of a decision. */
	async ask(runId: string, verb: 'Approve' | 'Reject'): Promise<void> {
		await this.button(runId, verb).click();
		await expect(this.dialog).toBeVisible();
	}

	/** Presses the dialog's own button, with words for those that need some. */
	async confirm(verb: 'Approve' | 'Reject', reason?: string): Promise<void> {
		if (reason !== undefined) await this.dialog.getByRole('textbox').last().fill(reason);
		await this.dialog.getByRole('button', { name: verb, exact: true }).click();
	}
}
