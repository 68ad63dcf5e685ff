import { expect, type Locator, type Page } from '@playwright/test';

type Action = 'Pause' | 'Resume' | 'Terminate' | 'Restart' | 'Delete';

/** The page of one run. */
export class RunPage {
	readonly page: Page;
	readonly steps: Locator;
	readonly events: Locator;
	readonly output: Locator;
	readonly progress: Locator;

	constructor(page: Page) {
		this.page = page;
		this.steps = page.getByRole('listbox', { name: 'Steps' });
		this.events = page.getByRole('list', { name: 'Events' });
		this.output = page.getByRole('region', { name: 'Output' });
		this.progress = page.getByRole('progressbar', { name: 'Progress' });
	}

	/** Opens the page of a run. */
	async open({ workflow, id }: { workflow: string; id: string }): Promise<void> {
		await this.page.goto(`/runs/${workflow}/${id}`);
		await expect(this.heading(id)).toBeVisible();
	}

	heading(id: string): Locator {
		return this.page.getByRole('heading', { level: 1, name: id });
	}

	/** A step, sleep or wait in the timeline, by its accessible name. */
	step(name: string | RegExp): Locator {
		return this.steps.getByRole('option', { name });
	}

	/** An event in the history, by its text. */
	event(words: string | RegExp): Locator {
		return this.events.getByRole('button', { name: words });
	}

	/** The link to a generation; absent if the run has only one. */
	generation(number: number): Locator {
		return this.page
			.getByRole('navigation', { name: 'Generations' })
			.getByRole('link', { name: new RegExp(`^Generation ${number}\\b`) });
	}

	stepPanel(name: string): Locator {
		return this.page.getByRole('region', { name: new RegExp(`\\b${name}$`) });
	}

	action(name: Action): Locator {
		return this.page
			.getByRole('group', { name: 'Actions' })
			.getByRole('button', { name, exact: true });
	}

	/** Carries out an action without the time to undo it. */
	async act(name: Action): Promise<void> {
		await this.action(name).click();
		if (name === 'Pause' || name === 'Resume') return;
		await this.confirm(name, ['Shift']);
	}

	/** Confirms an action that can be undone for a few seconds. */
	async actUndoable(name: 'Terminate' | 'Restart'): Promise<void> {
		await this.action(name).click();
		await this.confirm(name, []);
	}

	private async confirm(name: string, modifiers: 'Shift'[]): Promise<void> {
		const dialog = this.page.getByRole('dialog');
		await dialog.getByRole('button', { name, exact: true }).click({ modifiers });
		await expect(dialog).toBeHidden();
	}

	/** The notice of a command that can still be undone. */
	get undoNotice(): Locator {
		return this.page.getByRole('status').filter({ hasText: 'requested by' });
	}

	/** Expects the status next to the heading. */
	async expectStatus(words: string): Promise<void> {
		await expect(this.status(words)).toBeVisible();
	}

	status(words: string): Locator {
		return this.page.getByRole('main').locator('header').first().getByText(words, { exact: true });
	}
}
