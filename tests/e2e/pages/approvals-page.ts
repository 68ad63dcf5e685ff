import { expect, type Locator, type Page } from '@playwright/test';

/** The approvals inbox. */
export class ApprovalsPage {
	readonly page: Page;
	readonly dialog: Locator;
	/** This person's decisions that can still be undone. */
	readonly undoBar: Locator;

	constructor(page: Page) {
		this.page = page;
		this.dialog = page.getByRole('dialog');
		this.undoBar = page.getByRole('region', { name: 'Decisions that can be undone' });
	}

	/** Opens the inbox, optionally filtered: `?q=…`. */
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

	/** Approves an approval without a form. */
	async approve(runId: string): Promise<void> {
		await this.button(runId, 'Approve').click();
		await expect(this.undoBar).toContainText('Approved');
	}

	/** Ends the undo window. */
	async deliverNow(): Promise<void> {
		await this.undoBar.getByRole('button', { name: 'Deliver now' }).first().click();
	}

	/** Opens the dialog of a decision. */
	async ask(runId: string, verb: 'Approve' | 'Reject'): Promise<void> {
		await this.button(runId, verb).click();
		await expect(this.dialog).toBeVisible();
	}

	/** Submits the dialog, with a reason if given. */
	async confirm(verb: 'Approve' | 'Reject', reason?: string): Promise<void> {
		if (reason !== undefined) await this.dialog.getByRole('textbox').last().fill(reason);
		await this.dialog.getByRole('button', { name: verb, exact: true }).click();
	}

	/** A choice of the assignee filter. */
	assignee(name: 'For me' | 'Mine' | 'My groups' | 'Unassigned' | 'All'): Locator {
		return this.page
			.getByRole('group', { name: 'Assignee' })
			.getByRole('button', { name: new RegExp(`^${name} `) });
	}
}
