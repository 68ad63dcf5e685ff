import { expect, type Locator, type Page } from '@playwright/test';
import type { Approval } from '../../../src/lib/protocol';
import { AppShell } from './app-shell';

/** The page of one request. */
export class ApprovalPage {
	readonly page: Page;
	readonly approve: Locator;
	readonly reject: Locator;
	readonly undo: Locator;
	readonly deliverNow: Locator;
	readonly comment: Locator;
	/** What is wrong with the last decision. */
	readonly refusal: Locator;

	constructor(page: Page) {
		this.page = page;
		this.approve = page.getByRole('button', { name: /^Approve/ });
		this.reject = page.getByRole('button', { name: /^Reject/ });
		this.undo = page.getByRole('button', { name: 'Undo', exact: true });
		this.deliverNow = page.getByRole('button', { name: 'Deliver now' });
		this.comment = page.getByRole('textbox', { name: /^Comment/ });
		this.refusal = page.getByRole('main').getByRole('alert');
	}

	async open({ id, title }: Approval): Promise<void> {
		await this.page.goto(`/approvals/${id}`);
		await expect(this.heading).toContainText(title);
		// Until then nothing can be sent.
		await new AppShell(this.page).expectMark('Live');
	}

	get heading(): Locator {
		return this.page.getByRole('heading', { level: 1 });
	}

	get main(): Locator {
		return this.page.getByRole('main');
	}

	/** Expects what the request has become. */
	async expectStatus(status: 'Pending' | 'Approved' | 'Rejected' | 'Expired'): Promise<void> {
		await expect(this.heading).toContainText(status);
	}
}
