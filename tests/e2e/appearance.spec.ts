import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { AppShell } from './pages/app-shell';
import { RunPage } from './pages/run-page';
import { RunsPage } from './pages/runs-page';
import { everyPage, refund } from './support/every-page';
import { expect, test } from './support/test';

test('every page is accessible', async ({ page, api, unique }) => {
	await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
	for (const { name, path, shows } of await everyPage(api, unique)) {
		await test.step(name, async () => {
			await page.goto(path);
			await shows(page);
			await expectAccessible(new AxeBuilder({ page }));
		});
	}
});

test('every page has contrast enough in the dark', async ({ page, api, unique }) => {
	await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
	for (const { name, path, shows } of await everyPage(api, unique)) {
		await test.step(name, async () => {
			await page.goto(path);
			await shows(page);
			await expectAccessible(new AxeBuilder({ page }).withRules('color-contrast'));
		});
	}
});

test('no page scrolls sideways on a phone', async ({ page, api, unique }) => {
	await page.setViewportSize({ width: 375, height: 812 });
	for (const { name, path, shows } of await everyPage(api, unique)) {
		await test.step(name, async () => {
			await page.goto(path);
			await shows(page);
			expect(await sidewaysOf(page), `${name} is wider than the phone`).toBeLessThanOrEqual(0);
		});
	}
});

test('a phone has everything at hand', async ({ page, api, unique }) => {
	await page.setViewportSize({ width: 375, height: 812 });
	const id = unique('phone');
	await api.start({ workflow: 'FOLLOW_UP', id, params: { message: 'Later', after: '2 hours' } });
	const [shell, list] = [new AppShell(page), new RunsPage(page)];
	await page.goto('/');
	await shell.expectMark('Live');
	await shell.follow('Runs');
	await list.link(id).click();
	const run = new RunPage(page);
	await run.expectStatus('Sleeping');
	await run.act('Terminate');
	await run.expectStatus('Terminated');
});

test('pages are light and dark as the system is, or as one chooses', async ({ page }) => {
	const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
	await page.emulateMedia({ colorScheme: 'light' });
	await page.goto('/runs');
	await new AppShell(page).expectMark('Live');
	const light = await ground();
	await page.emulateMedia({ colorScheme: 'dark' });
	await expect.poll(ground).not.toBe(light);
	const dark = await ground();

	const theme = page.getByRole('radiogroup', { name: 'Theme' });
	await theme.getByTitle('Light').click();
	await expect.poll(ground).toBe(light);
	await page.reload();
	await new AppShell(page).expectMark('Live');
	expect(await ground()).toBe(light);
	await theme.getByTitle('System').click();
	await expect.poll(ground).toBe(dark);
});

test('the chart draws its bars in the colours of the theme', async ({ page, api, unique }) => {
	const ref = { workflow: 'REFUND', id: unique('chart') };
	await api.start({ ...ref, params: refund(5) });
	await api.untilEnded(ref);
	await page.emulateMedia({ colorScheme: 'light' });
	await page.goto('/');
	await expect.poll(() => isDrawnIn(page, '--tone-done-solid')).toBe(true);
	await page.emulateMedia({ colorScheme: 'dark' });
	await expect.poll(() => isDrawnIn(page, '--tone-done-solid')).toBe(true);
});

test('the keyboard reaches the first row and opens it', async ({ page, api, unique }) => {
	const lane = unique('lane');
	const run = await api.start({
		workflow: 'FOLLOW_UP',
		id: unique('keys'),
		params: { message: 'Later', after: '2 hours' },
		metadata: { lane }
	});
	const list = new RunsPage(page);
	await list.open(`lane:${lane}`);
	const link = list.link(run.id);
	await expect(link).toBeVisible();

	await page.keyboard.press('Tab');
	await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
	await page.keyboard.press('Enter');
	const stops: string[] = [];
	while (stops.length < 40 && !(await link.evaluate((node) => node === document.activeElement))) {
		await page.keyboard.press('Tab');
		stops.push(await page.evaluate(() => document.activeElement?.textContent?.trim() ?? ''));
	}
	await expect(link, `after ${stops.join(', ')}`).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(new RunPage(page).heading(run.id)).toBeVisible();
});

/** How many pixels the page reaches beyond its window. */
function sidewaysOf(page: Page): Promise<number> {
	return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

/** Expects that axe finds nothing serious. */
async function expectAccessible(axe: AxeBuilder): Promise<void> {
	// The page has no frames, so axe needs no second page to sum them up in.
	const { violations } = await axe.setLegacyMode().analyze();
	const found = violations
		.filter(({ impact }) => impact === 'serious' || impact === 'critical')
		.map(({ id, help, nodes }) => ({ id, help, where: nodes.map(({ html }) => html) }));
	expect(found).toEqual([]);
}

/** Whether the chart has a pixel of a token's colour. */
function isDrawnIn(page: Page, token: string): Promise<boolean> {
	return page.evaluate((name) => {
		const canvas = document.querySelector('canvas');
		const context = canvas?.getContext('2d');
		if (!canvas || !context) return false;
		const probe = document.body.appendChild(document.createElement('i'));
		probe.style.color = `var(${name})`;
		const wanted = getComputedStyle(probe).color.match(/\d+/g)?.map(Number) ?? [];
		probe.remove();
		const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
		for (let at = 0; at < data.length; at += 4) {
			if (wanted.every((value, index) => data[at + index] === value)) return true;
		}
		return false;
	}, token);
}
