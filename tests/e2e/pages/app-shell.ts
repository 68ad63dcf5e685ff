import { expect, type Locator, type Page } from '@playwright/test';

/** The navigation, connection status, theme and user menu around every page. */
export class AppShell {
	readonly page: Page;
	readonly mark: Locator;
	readonly person: Locator;

	constructor(page: Page) {
		this.page = page;
		this.mark = page.getByRole('button', { name: /^Connection:/ });
		this.person = page.getByRole('button', { name: /: (every role|no role|.*viewer.*)$/ });
	}

	/** Follows a link of the navigation. */
	async follow(name: 'Overview' | 'Runs' | 'Approvals' | 'Workflows' | 'Admin'): Promise<void> {
		await this.page
			.getByRole('navigation', { name: 'Pages' })
			.getByRole('link', { name, exact: false })
			.click();
	}

	/** Becomes one of the persons that the menu offers. */
	async become(name: string): Promise<void> {
		await this.person.click();
		await this.page.getByRole('menuitemcheckbox', { name: new RegExp(`^${name}\\b`) }).click();
		await expect(this.person).toHaveAccessibleName(new RegExp(`^${name}:`));
	}

	/** Expects what the connection mark says. */
	async expectMark(words: string | RegExp): Promise<void> {
		await expect(this.mark).toHaveAccessibleName(
			typeof words === 'string' ? `Connection: ${words}` : words
		);
	}
}
