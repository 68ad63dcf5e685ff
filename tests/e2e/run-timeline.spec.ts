// The timeline, the history and the step panel of a run.
import type { Page } from '@playwright/test';
import { RunPage } from './pages/run-page';
import { expect, test } from './support/test';
import { manySteps, ScriptedRun, type ScriptedEvent } from './support/scripted-run';

const FROM = Date.now() - 60_000;

/** A history whose events are 100 ms apart unless they have a timestamp. */
function history(...events: ({ type: string } & Record<string, unknown>)[]): ScriptedEvent[] {
	return events.map((event, index) => ({
		eventId: index + 1,
		timestamp: FROM + index * 100,
		...event
	}));
}

/** Collects errors and dialogs of a page. */
function pageErrors(page: Page): string[] {
	const found: string[] = [];
	page.on('pageerror', (error) => found.push(error.message));
	page.on('dialog', (dialog) => {
		found.push(`dialog: ${dialog.message()}`);
		void dialog.dismiss();
	});
	return found;
}

test('a loop is one row that expands, and a link to one of its steps expands it', async ({
	page,
	api,
	unique
}) => {
	const ref = { workflow: 'CATALOG_IMPORT', id: unique('loop') };
	const rows = Array.from({ length: 200 }, (_, row) => `TEA-${row + 1},Assam,4.90,EUR,${row}`);
	const text = ['sku,name,price,currency,stock', ...rows].join('\n');
	await api.start({ ...ref, params: { source: { text }, format: 'csv', batchSize: 8 } });
	const run = new RunPage(page);
	await run.open(ref);
	await api.untilEnded(ref);
	const group = run.step(/^load-batch, group of 25 steps, closed/);
	await expect(group).toBeVisible();
	await expect(run.step(/^load-batch-7,/)).toHaveCount(0);
	await group.click();
	await expect(run.step(/^load-batch-7,/)).toBeVisible();
	await expect(page).toHaveURL(/open=group%3Astep%3Aload-batch/);
	await expect(page.getByRole('region', { name: 'group load-batch' })).toContainText(
		'from first to last'
	);

	await page.goto(`/runs/${ref.workflow}/${ref.id}?generation=1&step=step:load-batch-17-1`);
	await expect(run.stepPanel('load-batch-17')).toContainText('up to 5');
	await expect(run.step(/^load-batch-17,/)).toBeInViewport();

	const find = page.getByRole('textbox', { name: 'Find steps' });
	await find.fill('CHECK-rows');
	await expect(run.steps.getByRole('option')).toHaveCount(1);
	await find.press('Escape');
	await expect(run.step(/^load-batch-17,/)).toBeInViewport();
});

test('a time range can be zoomed and linked, and survives a restart', async ({
	page,
	api,
	unique
}) => {
	const ref = { workflow: 'REFUND', id: unique('range') };
	await api.start({
		...ref,
		params: {
			order: 'ORD-1',
			amount: 500,
			currency: 'EUR',
			reason: 'Broken',
			requestedBy: 'k@x.io'
		}
	});
	await api.approvalOf(ref);
	const run = new RunPage(page);
	await run.open(ref);
	await run.step(/^validate-refund/).click();
	await run.steps.press('+');
	await run.steps.press('+');
	await expect(page).toHaveURL(/range=\d+-\d+/);
	await expect(page).toHaveURL(/generation=1/);
	const link = page.url();
	await page.reload();
	await expect(page.getByRole('button', { name: 'Fit (0)' })).toBeEnabled();

	const answer = await api.ask('POST', `/runs/${ref.workflow}/${ref.id}/restart`);
	expect(answer.status).toBe(200);
	await page.goto(link);
	await expect(page.getByRole('note').filter({ hasText: 'Generation 1 of' })).toBeVisible();
	await expect(run.stepPanel('validate-refund')).toBeVisible();
	await expect(page.getByRole('button', { name: 'Fit (0)' })).toBeEnabled();
	await run.steps.press('0');
	await expect(page).not.toHaveURL(/range=/);
	await run.steps.press('?');
	await expect(page.getByRole('dialog', { name: 'Timeline keyboard shortcuts' })).toBeVisible();
});

/** Records what the page copies, since a headless browser has no clipboard. */
async function clipboard(page: Page): Promise<() => Promise<string | undefined>> {
	const copied: string[] = [];
	await page.exposeFunction('keepCopied', (text: string) => void copied.push(text));
	await page.addInitScript(() => {
		const { keepCopied } = window as unknown as { keepCopied: (text: string) => Promise<void> };
		navigator.clipboard.writeText = keepCopied;
	});
	return () => Promise.resolve(copied.at(-1));
}

test('an event, its attempt and its step are one selection, each with a link', async ({ page }) => {
	const copied = await clipboard(page);
	const failed = { name: 'TimeoutError', message: 'upstream closed', stack: 'at line 1' };
	const pay = { stepName: 'pay-1' };
	const scripted = await ScriptedRun.on(
		page,
		history(
			{ type: 'workflow_queued' },
			{ type: 'workflow_started' },
			{ type: 'step_started', ...pay, config: { retries: { limit: 3, delay: 500 } } },
			{ type: 'attempt_started', ...pay, attempt: 1 },
			{ type: 'attempt_errored', ...pay, attempt: 1, error: failed, retryDelayMs: 500 },
			{ type: 'attempt_started', ...pay, attempt: 2 },
			{ type: 'attempt_completed', ...pay, attempt: 2 },
			{ type: 'step_completed', ...pay, output: { paid: true } },
			{ type: 'wait_started', stepName: 'gate-1', eventType: 'go-ahead' }
		)
	);
	const run = new RunPage(page);
	await run.open(scripted.ref);
	await page.getByRole('tab', { name: /^History/ }).click();
	await page.getByRole('checkbox', { name: 'Failures only' }).check();
	await expect(run.events.getByRole('listitem')).toHaveCount(1);
	await run.event(/attempt errored/).click();
	await expect(page).toHaveURL(/event=5/);
	await expect(page.getByRole('group', { name: 'Event 5' })).toContainText('upstream closed');
	await page.getByRole('button', { name: 'Copy link to event 5' }).click();
	await expect.poll(copied).toMatch(/tab=history&generation=1&event=5$/);
	const link = (await copied()) ?? '';

	await page.getByRole('tab', { name: 'Timeline' }).click();
	const attempt = run.stepPanel('pay').getByRole('button', { name: 'Attempt 1', exact: true });
	await expect(attempt).toHaveAttribute('aria-pressed', 'true');
	await run.stepPanel('pay').getByRole('button', { name: 'Copy link to attempt 2' }).click();
	await expect.poll(copied).toMatch(/&attempt=2$/);
	await page.goto((await copied()) ?? '');
	await expect(
		run.stepPanel('pay').getByRole('button', { name: 'Attempt 2', exact: true })
	).toHaveAttribute('aria-pressed', 'true');

	await page.goto(link);
	await expect(run.event(/attempt errored/)).toHaveAttribute('aria-expanded', 'true');
	await page.getByRole('combobox', { name: 'Layout' }).selectOption('JSON');
	await expect(run.event(/"eventId":5/)).toBeVisible();
	await page.getByRole('combobox', { name: 'Layout' }).selectOption('Full');
	await page.getByRole('combobox', { name: 'Time' }).selectOption('Since previous event');
	await expect(run.event(/attempt errored/)).toContainText('+100 ms');
	await page.getByRole('textbox', { name: 'Find events' }).fill('go-ahead');
	await expect(run.events.getByRole('listitem')).toHaveCount(1);
	await expect(page.getByText('1 of 9')).toBeVisible();
});

test('an invalid history is shown without errors', async ({ page }) => {
	const found = pageErrors(page);
	const names = [
		'<img src=x onerror=alert(1)>-1',
		'שלום עולם-1',
		'👩‍👩‍👧 family-1',
		'\u202Eevil-1',
		`${'long '.repeat(400)}-1`,
		'constructor-1'
	];
	const rows = Array.from({ length: 9_000 }, (_, index) => ({
		sku: `SKU-${index}`,
		note: 'x'.repeat(80)
	}));
	rows.push({ sku: 'the needle', note: '' });
	const scripted = await ScriptedRun.on(
		page,
		history(
			{ type: 'step_completed', stepName: 'never-began-1', output: rows },
			{ type: 'workflow_queued', timestamp: FROM + 90_000 },
			{ type: 'attempt_errored', stepName: 'odd-1', attempt: -3, retryDelayMs: -5, error: 'text' },
			{ type: 'teleport_begun', stepName: 'beam-1', error: null },
			{ type: 'sleep_started', stepName: 'nap-1', timestamp: FROM - 5_000, durationMs: 'soon' },
			{ type: 'wait_started', stepName: 'gate-1', eventType: { not: 'text' } },
			{ type: '', stepName: 7 },
			{ type: 'step_started', stepName: 'later-1', timestamp: 8_640_000_000_000_001 },
			...names.map((stepName) => ({ type: 'step_started', stepName }))
		)
	);
	const run = new RunPage(page);
	await run.open(scripted.ref);
	await run.step(/^<img src=x onerror=alert\(1\)>/).click();
	await run.step(/^שלום עולם/).click();
	await expect(page.getByRole('region', { name: /שלום עולם$/ })).toBeVisible();
	await run.step(/^long long/).click();
	await expect(page).toHaveURL(/step=step%3Along/);
	await page.reload();
	await expect(run.step(/^long long/)).toHaveAttribute('aria-selected', 'true');

	await run.step(/^never-began/).click();
	const output = page.getByRole('group', { name: 'Output of never-began' });
	await expect(output).toContainText('SKU-0');
	await page.getByRole('button', { name: 'Search Output of never-began' }).click();
	await page.getByRole('textbox', { name: 'Find in Output of never-began' }).fill('needle');
	await expect(output.getByText('the needle')).toBeInViewport();

	await page.getByRole('tab', { name: /^History/ }).click();
	for (const look of ['Compact', 'Full', 'JSON']) {
		await page.getByRole('combobox', { name: 'Layout' }).selectOption(look);
		await expect(run.event(/teleport.begun/)).toBeVisible();
	}
	expect(await page.locator('img[src="x"]').count()).toBe(0);
	expect(found).toEqual([]);
});

test('ten thousand steps render few elements, and the newest step stays in view', async ({
	page
}) => {
	const found = pageErrors(page);
	// The names are not a loop's, so each step is a row of its own.
	const nameOf = (index: number) => `step-${index.toString(36)}x-1`;
	const events = manySteps(10_000, { from: Date.now() - 500_000, nameOf });
	const scripted = await ScriptedRun.on(page, events);
	const run = new RunPage(page);
	await run.open(scripted.ref);
	await expect(page.getByRole('tab', { name: /^History 40002/ })).toBeVisible();
	await run.steps.scrollIntoViewIfNeeded();
	await expect(run.step(`${nameOf(9_999).slice(0, -2)},`)).toBeInViewport();
	expect(await page.locator('*').count()).toBeLessThan(1_500);

	const at = Date.now();
	scripted.push([
		{ eventId: 40_003, timestamp: at, type: 'step_started', stepName: 'brand-new-1' }
	]);
	await expect(run.step(/^brand-new/)).toBeInViewport();
	await expect(page.getByRole('button', { name: 'Follow' })).toHaveAttribute(
		'aria-pressed',
		'true'
	);
	await run.steps.hover();
	await page.mouse.wheel(0, -4_000);
	await expect(page.getByRole('button', { name: 'Follow' })).toHaveAttribute(
		'aria-pressed',
		'false'
	);

	await page.getByRole('tab', { name: /^History/ }).click();
	expect(await page.locator('*').count()).toBeLessThan(1_500);
	expect(found).toEqual([]);
});
