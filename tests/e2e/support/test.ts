// What every e2e test begins with: the API, a name that no other test has, and persons.
import { test as base, expect, type BrowserContext, type Page } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { Api } from './api';

type Fixtures = {
	/** The API as a person with every role. */
	api: Api;
	/** Makes an id that no other test and no other run of the tests has. */
	unique: (what: string) => string;
	/** Opens a browser of somebody's own: `ana:viewer,approver`. */
	openAs: (person: string) => Promise<Page>;
};

export const test = base.extend<Fixtures>({
	api: async ({ baseURL }, use) => use(new Api(baseURL ?? '')),

	// Playwright finds a fixture's dependencies by this pattern, here none.
	// eslint-disable-next-line no-empty-pattern
	unique: async ({}, use) => use((what) => `${what}-${randomUUID().slice(0, 8)}`),

	openAs: async ({ browser, baseURL }, use) => {
		const contexts: BrowserContext[] = [];
		await use(async (person) => {
			const context = await browser.newContext();
			contexts.push(context);
			const value = encodeURIComponent(person);
			await context.addCookies([{ name: 'local_identity', value, url: baseURL ?? '' }]);
			return context.newPage();
		});
		await Promise.all(contexts.map((context) => context.close()));
	}
});

export { expect };
