import { expect, type Locator, type Page } from '@playwright/test';

/** What waits for a decision. */
export class ApprovalsPage {
	readonly page: Page;
	readonly dialog: Locator;
	/** Decisions of one's own that can still be undone. */
	readonly held: Locator;

	constructor(page: Page) {
		this.page = page;
		this.dialog = page.getByRole('dialog');
		this.held = page.getByRole('region', { name: 'Decisions that can be undone' });
	}

	/** Opens the inbox: `?q=…` for a part of it. */
	async open(search = ''): Promise<void> {
		await this.page.goto(`/approvals${search}`);
		await expect(this.page.getByRole('heading', { level: 1, name: 'Approvals' })).toBeVisible();
	}

	/** The approval of a run. */
	of(runId: string): Locator {
		return this.page.getByRole('article').filter({
			has: this.page.getByRole('link', { name: new RegExp(` ${runId}$`) })
		});
	}

	button(runId: string, verb: 'Approve' | 'Reject' | 'Claim' | 'Release' | 'Hand over'): Locator {
		return this.of(runId).getByRole('button', { name: verb });
	}

	/** Approves one that asks for nothing more. */
	async approve(runId: string): Promise<void> {
		await this.button(runId, 'Approve').click();
		await expect(this.held).toContainText('Approved');
	}

	/** Lets held decisions go at once. */
	async deliverNow(): Promise<void> {
		await this.held.getByRole('button', { name: 'Deliver now' }).first().click();
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

	/** Whose approvals are listed. */
	whose(name: 'For me' | 'Mine' | 'My groups' | 'Unassigned' | 'All'): Locator {
		return this.page
			.getByRole('group', { name: 'Whose approvals' })
			.getByRole('button', { name: new RegExp(`^${name} `) });
	}
}
