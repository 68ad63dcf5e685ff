// What a page does when the sign-in of its person ends, or their roles change, while it is open.
import { AppShell } from './pages/app-shell';
import { RunsPage } from './pages/runs-page';
import { expect, test } from './support/test';

test('a page whose session ends says so and shows nothing any more', async ({
	page,
	context,
	baseURL
}) => {
	const become = (said: string) =>
		context.addCookies([
			{ name: 'local_identity', value: encodeURIComponent(said), url: baseURL ?? '' }
		]);
	const [frame, list] = [new AppShell(page), new RunsPage(page)];
	const endsAt = Date.now() + 20_000;
	await become(`ulla:viewer,until=${endsAt}`);
	await list.open();
	await frame.expectMark('Live');
	await expect(page.getByText('The session has ended.')).toBeVisible({ timeout: 120_000 });
	expect(Date.now()).toBeGreaterThanOrEqual(endsAt);

	await become('ulla:viewer');
	await list.open();
	await frame.expectMark('Live');
});
