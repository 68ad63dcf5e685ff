// High contrast, large enough targets, named landmarks, a steady layout, and a page before its script.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { ApprovalPage } from './pages/approval-page';
import { AppShell } from './pages/app-shell';
import { RunPage } from './pages/run-page';
import { RunsPage } from './pages/runs-page';
import { everyPage, refund } from './support/every-page';
import { expect, test } from './support/test';

test('targets are large enough or far enough apart, and landmarks are named', async ({
	page,
	api,
	unique
}) => {
	await page.emulateMedia({ reducedMotion: 'reduce' });
	const stops = await everyPage(api, unique);
	for (const width of [1280, 375]) {
		// So high that no bar covers a target.
		await page.setViewportSize({ width, height: 2_400 });
		for (const { name, path, shows } of stops) {
			await test.step(`${name} at ${width}`, async () => {
				await page.goto(path);
				await shows(page);
				const { violations } = await new AxeBuilder({ page })
					.setLegacyMode()
					.withRules(['target-size', 'landmark-unique', 'region', 'landmark-one-main'])
					.analyze();
				const found = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
				expect(found).toEqual([]);
			});
		}
	}
});

test('with forced colours what is selected differs from what is not', async ({
	page,
	api,
	unique
}) => {
	const run = await api.start({ workflow: 'REFUND', id: unique('hc'), params: refund(5) });
	await api.untilEnded(run);
	await page.emulateMedia({ forcedColors: 'active' });
	const runs = new RunsPage(page);
	await runs.open(`id:${run.id}`);
	await runs.select(run.id);
	const navigation = page.getByRole('navigation', { name: 'Pages' });
	await expectToDiffer(
		navigation.getByRole('link', { name: 'Runs' }),
		navigation.getByRole('link', { name: 'Fleet' })
	);
	const theme = page.getByRole('radiogroup', { name: 'Theme' });
	await expectToDiffer(theme.getByTitle('System'), theme.getByTitle('Dark'));
	await expectToDiffer(runs.row(run.id), page.getByRole('row').first());
	const counts = page.getByRole('group', { name: 'Runs by status' });
	await expectToDiffer(
		counts.getByRole('button', { name: /^All/ }),
		counts.getByRole('button', { name: /^Complete/ })
	);
	await new RunPage(page).open(run);
	await expectToDiffer(
		page.getByRole('tab', { selected: true }).first(),
		page.getByRole('tab', { selected: false }).first()
	);
	await page
		.getByRole('button', { name: /^you: / })
		.or(page.getByRole('button', { name: /: every role$/ }))
		.click();
	await expect(page.getByRole('menu')).not.toHaveCSS('outline-style', 'none');
});

/**
 * How much may move, where a slow machine shows later what a quick one shows at once. A quiet one has
 * less than 0.02.
 */
const STEADY = 0.1;

test('nothing moves while a page loads', async ({ openAs, api, unique }) => {
	const run = { workflow: 'WRITE_OFF', id: unique('steady') };
	await api.as('olive:viewer,operator').start({
		...run,
		params: { product: 'Tea', units: 2, unitCost: 18.5, reason: 'Wet', decideWithin: '2 days' }
	});
	const approval = await api.approvalOf(run);
	const done = await api.start({ workflow: 'REFUND', id: unique('steady'), params: refund(5) });
	await api.untilEnded(done);
	const page = await openAs('anna:viewer,approver');
	await page.addInitScript(() => {
		const shifts: number[] = [];
		Object.assign(window, { shifts });
		new PerformanceObserver((list) => {
			for (const entry of list.getEntries()) {
				if (!Reflect.get(entry, 'hadRecentInput')) shifts.push(Number(Reflect.get(entry, 'value')));
			}
		}).observe({ type: 'layout-shift', buffered: true });
	});
	const [ana, ended] = [new ApprovalPage(page), new RunPage(page)];
	for (const width of [1280, 375]) {
		await page.setViewportSize({ width, height: 800 });
		await ana.open(approval);
		await new AppShell(page).expectMark('Live');
		await expect(page.getByRole('textbox', { name: 'Note for the books' })).toBeAttached();
		expect(await shiftOf(page), `the approval at ${width}`).toBeLessThan(STEADY);
		await ended.open(done);
		await new AppShell(page).expectMark('Live');
		await expect(page.getByText(/usually/)).toBeVisible();
		expect(await shiftOf(page), `the run at ${width}`).toBeLessThan(STEADY);
	}
});

test('the HTML alone has the title and the shell', async ({ request, baseURL }) => {
	for (const [path, title] of [
		['/runs', 'Runs'],
		['/approvals/ap_x', 'Approvals'],
		['/', 'Overview']
	] as const) {
		const html = await (await request.get(`${baseURL}${path}`)).text();
		expect(html).toContain(`<title>${title} · Signalbox</title>`);
		expect(html).toContain('href="/workflows"');
	}
});

test('the shell is drawn before the script runs, and gives way to the page', async ({ page }) => {
	const held = Promise.withResolvers<null>();
	await page.route('**/_app/**/*.js', async (route) => {
		await held.promise;
		await route.continue();
	});
	await page.goto('/runs', { waitUntil: 'commit' });
	await expect(page.getByRole('link', { name: 'Runs' })).toBeVisible();
	await expect(page).toHaveTitle('Runs · Signalbox');
	held.resolve(null);
	await new AppShell(page).expectMark('Live');
	await expect(page.getByRole('link', { name: 'Runs', exact: true })).toHaveCount(1);
});

test('a long id is cut within its place, between whole characters', async ({
	page,
	api,
	unique
}) => {
	const id = unique(`${'a-very-long-identifier-'.repeat(3)}`);
	const run = await api.start({ workflow: 'REFUND', id, params: refund(5) });
	await api.untilEnded(run);
	for (const width of [1280, 375]) {
		await page.setViewportSize({ width, height: 800 });
		await page.goto('/approvals?tab=decided');
		await new RunsPage(page).open(`id:${id}`);
		await expect(new RunsPage(page).link(id)).toBeVisible();
		const beyond = await page.evaluate(() =>
			[...document.querySelectorAll('.cut')]
				.filter((cut) => {
					const place =
						cut.closest('li, td, dd, [role="cell"], [role="gridcell"], p') ?? document.body;
					return cut.getBoundingClientRect().right > place.getBoundingClientRect().right + 1;
				})
				.map((cut) => cut.textContent)
		);
		expect(beyond).toEqual([]);
	}
});

/** How much of the page has moved since it was loaded. */
function shiftOf(page: Page): Promise<number> {
	return page.evaluate(() => {
		const shifts: unknown = Reflect.get(window, 'shifts');
		return Array.isArray(shifts) ? shifts.reduce((sum: number, one: number) => sum + one, 0) : 0;
	});
}

/** Expects that two elements look different where only system colours are drawn. */
async function expectToDiffer(
	selected: ReturnType<Page['locator']>,
	other: ReturnType<Page['locator']>
): Promise<void> {
	const look = (element: Element) => {
		const { outlineStyle, outlineWidth, backgroundColor, borderBottomWidth } =
			getComputedStyle(element);
		return [outlineStyle, outlineWidth, backgroundColor, borderBottomWidth].join(' ');
	};
	await expect(selected).toBeVisible();
	expect(await selected.evaluate(look)).not.toBe(await other.evaluate(look));
}
