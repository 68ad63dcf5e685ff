import type { Approval, Run } from '../../src/lib/protocol';
import { ApprovalPage } from './pages/approval-page';
import { ApprovalsPage } from './pages/approvals-page';
import { RunPage } from './pages/run-page';
import type { Api } from './support/api';
import { Line } from './support/line';
import { expect, test } from './support/test';

const ANA = 'anna:viewer,approver';
const BEN = 'bert:viewer,approver';
const CLEO = 'clea:viewer,approver';
const OLIVE = 'olive:viewer,operator';

const refund = (amount: number, more: object = {}) => ({
	order: 'ORD-1',
	amount,
	currency: 'EUR',
	reason: 'Arrived broken',
	requestedBy: 'kim@example.com',
	...more
});

const writeOff = (more: object = {}) => ({
	product: 'Teapot, blue',
	units: 24,
	unitCost: 18.5,
	reason: 'Water damage in aisle 4',
	decideWithin: '2 days',
	...more
});

/** Starts a run in olive's name and finds the request that it waits for. */
async function asked(
	api: Api,
	run: { workflow: string; id: string; params: unknown },
	by = OLIVE
): Promise<{ approval: Approval; run: { workflow: string; id: string } }> {
	await api.as(by).start(run);
	return { approval: await api.approvalOf(run), run };
}

test('if two people decide at once, one wins and the other learns who decided and when', async ({
	openAs,
	api,
	unique
}) => {
	const { approval, run } = await asked(api, {
		workflow: 'REFUND',
		id: unique('race'),
		params: refund(400)
	});
	const pages = [await openAs(ANA), await openAs(BEN)] as const;
	const lines = [await Line.of(pages[0]), await Line.of(pages[1])] as const;
	const [ana, ben] = [new ApprovalPage(pages[0]), new ApprovalPage(pages[1])];
	const cleo = new ApprovalPage(await openAs(CLEO));
	await Promise.all([ana.open(approval), ben.open(approval), cleo.open(approval)]);
	await expect(cleo.main).toContainText('anna and bert are also viewing this');
	await ben.comment.fill('I think not');

	// Both press before either page has heard of the other.
	for (const line of lines) line.hold();
	await Promise.all([ana.approve.click(), ben.reject.click()]);
	for (const line of lines) line.mend();
	const standing = async () =>
		(await api.ask<Approval>('GET', `/approvals/${approval.id}`)).body.decisions.length;
	await expect.poll(standing).toBe(1);
	const { body } = await api.ask<Approval>('GET', `/approvals/${approval.id}`);
	expect(body.decisions).toHaveLength(1);
	const [winner, loser] = body.decisions[0]?.by === 'anna' ? [ana, ben] : [ben, ana];
	const by = body.decisions[0]?.by ?? '';

	await expect(loser.refusal).toContainText('Already decided');
	await expect(loser.refusal).toContainText(`${by} ${body.status}`);
	await expect(loser.refusal.locator('time')).toHaveAttribute('datetime', /^\d{4}-\d\d-\d\dT/);
	await expect(loser.undo).toHaveCount(0);
	await expect(cleo.main).toContainText(`Only ${by} can undo it`);
	await winner.deliverNow.click();
	expect(await api.untilEnded(run)).toMatchObject({
		outcome: body.status === 'approved' ? 'completed' : 'rejected'
	});
});

test('a quorum of two needs two different people, and each sees how many are missing', async ({
	openAs,
	api,
	unique
}) => {
	const { approval, run } = await asked(api, {
		workflow: 'WRITE_OFF',
		id: unique('quorum'),
		params: writeOff({ units: 100, unitCost: 25 })
	});
	const [ana, ben] = [new ApprovalPage(await openAs(ANA)), new ApprovalPage(await openAs(BEN))];
	await Promise.all([ana.open(approval), ben.open(approval)]);
	await expect(ben.main).toContainText('0 of 2 approved');

	await ana.approve.click();
	await expect(ana.main).toContainText('You already approved: 1 more approval needed');
	await expect(ana.approve).toHaveAttribute('aria-disabled', 'true');
	await expect(ben.main).toContainText('1 of 2 approved by anna');
	expect(await api.run(run)).toMatchObject({ status: 'waiting' });

	await test.step('an approval can be withdrawn until the quorum is reached', async () => {
		await ana.page.getByRole('button', { name: 'Withdraw my approval' }).click();
		await expect(ben.main).toContainText('0 of 2 approved');
		await ana.approve.click();
		await expect(ben.main).toContainText('1 of 2 approved by anna');
	});

	await ben.approve.click();
	await ben.deliverNow.click();
	const ended = await api.untilEnded(run);
	expect(ended).toMatchObject({ outcome: 'completed', output: { approvedBy: ['anna', 'bert'] } });
});

test('a requester cannot decide, neither on the page nor over HTTP', async ({
	openAs,
	api,
	unique
}) => {
	const OLGA = 'olga:viewer,operator,approver';
	const { approval, run } = await asked(
		api,
		{ workflow: 'WRITE_OFF', id: unique('self'), params: writeOff() },
		OLGA
	);
	const olga = new ApprovalPage(await openAs(OLGA));
	await olga.open(approval);
	await expect(olga.main).toContainText('You requested this approval: somebody else has to decide');
	await expect(olga.approve).toHaveAttribute('aria-disabled', 'true');
	await expect(olga.reject).toHaveAttribute('aria-disabled', 'true');
	await olga.page.keyboard.press('a');

	const refused = await api
		.as(OLGA)
		.ask<{ type: string }>('POST', `/approvals/${approval.id}/decision`, {
			approved: true,
			data: { account: 'damage', units: 24 }
		});
	expect(refused.status).toBe(403);
	expect(refused.body.type).toContain('self-approval');
	expect(await api.run(run)).toMatchObject({ status: 'waiting' });
});

test('a decision can be undone for 8 seconds by whoever made it, and everybody sees it', async ({
	openAs,
	api,
	unique
}) => {
	const { approval, run } = await asked(api, {
		workflow: 'REFUND',
		id: unique('undo'),
		params: refund(250)
	});
	const ana = new ApprovalPage(await openAs(ANA));
	await ana.open(approval);
	// Both have it open before the time to undo begins.
	const ben = new ApprovalPage(await openAs(BEN));
	await ben.open(approval);
	await ana.comment.fill('Seen the photo');
	await ana.approve.click();
	await expect(ana.main).toContainText(/Approved\.\s*Delivered in \d s/);
	await expect(ben.main).toContainText('Approved by anna');
	await expect(ben.undo).toHaveCount(0);

	await ana.undo.click();
	await ana.expectStatus('Pending');
	await ben.expectStatus('Pending');
	// What was written is still there.
	await expect(ana.comment).toHaveValue('Seen the photo');
	expect(await api.run(run)).toMatchObject({ status: 'waiting' });

	await ana.approve.click();
	await ana.deliverNow.click();
	expect(await api.untilEnded(run)).toMatchObject({ outcome: 'completed' });
	const { body } = await api.ask<Approval>('GET', `/approvals/${approval.id}`);
	expect(body.decisions).toMatchObject([
		{ by: 'anna', approved: true, undone: { by: 'anna' } },
		{ by: 'anna', approved: true, reason: 'Seen the photo', from: { via: 'page' } }
	]);
});

test('a decision is delivered when its undo window ends', async ({ openAs, api, unique }) => {
	const { run } = await asked(api, {
		workflow: 'REFUND',
		id: unique('itself'),
		params: refund(260)
	});
	const inbox = new ApprovalsPage(await openAs(ANA));
	await inbox.open(`?q=${run.id}`);
	await inbox.approve(run.id);
	expect(await api.run(run)).toMatchObject({ status: 'waiting' });
	expect(await api.untilEnded(run)).toMatchObject({ outcome: 'completed' });
	await expect(inbox.undoBar.getByRole('button')).toHaveCount(0);
});

test('an approval can be claimed, handed over, released and then decided', async ({
	openAs,
	api,
	unique
}) => {
	const { run } = await asked(api, {
		workflow: 'REFUND',
		id: unique('claim'),
		params: refund(300)
	});
	const search = `?whose=all&q=${run.id}`;
	const [ana, ben] = [new ApprovalsPage(await openAs(ANA)), new ApprovalsPage(await openAs(BEN))];
	await Promise.all([ana.open(search), ben.open(search)]);
	await ana.button(run.id, 'Claim').click();
	await expect(ben.of(run.id)).toContainText('Claimed by anna');
	await expect(ben.button(run.id, 'Approve')).toHaveAccessibleDescription(
		'Claimed by anna: ask them to release it'
	);
	await expect(ana.assignee('Mine')).toContainText('1');
	await expect(ana.assignee('Unassigned')).toContainText('0');
	await expect(ben.assignee('For me')).toContainText('0');

	await ana.button(run.id, 'Hand over').click();
	await ana.dialog.getByRole('textbox', { name: 'To' }).fill('bert');
	await ana.dialog.getByRole('button', { name: 'Hand over' }).click();
	await expect(ana.of(run.id)).toContainText('Claimed by bert');
	await expect(ana.button(run.id, 'Approve')).toHaveAttribute('aria-disabled', 'true');
	await expect(ben.assignee('Mine')).toContainText('1');
	await ben.button(run.id, 'Release').click();
	await expect(ana.button(run.id, 'Claim')).toBeVisible();
	await ben.approve(run.id);
	await ben.deliverNow();
	expect(await api.untilEnded(run)).toMatchObject({ outcome: 'completed' });
});

test('invalid data is refused at its field, and corrected data reaches the run', async ({
	openAs,
	api,
	unique
}) => {
	const { approval, run } = await asked(api, {
		workflow: 'WRITE_OFF',
		id: unique('form'),
		params: writeOff()
	});
	const ana = new ApprovalPage(await openAs(ANA));
	await ana.open(approval);
	const units = ana.page.getByRole('textbox', { name: 'Units' });
	await expect(units).toHaveValue('24');
	await units.fill('0');
	await ana.comment.fill('Half of them can be sold');
	await ana.approve.click();
	await expect(units).toHaveAttribute('aria-invalid', 'true');
	await expect(units).toBeFocused();
	await expect(units).toHaveValue('0');
	await ana.expectStatus('Pending');
	expect(await api.run(run)).toMatchObject({ status: 'waiting' });

	await units.fill('12');
	await ana.approve.click();
	await ana.deliverNow.click();
	expect(await api.untilEnded(run)).toMatchObject({
		outcome: 'completed',
		output: { product: 'Teapot, blue', units: 12, account: 'damage' }
	});
	await expect(ana.main).toContainText('Half of them can be sold');
});

test('a reason is required to reject, and it survives a lost connection', async ({
	openAs,
	api,
	unique
}) => {
	const { approval, run } = await asked(api, {
		workflow: 'REFUND',
		id: unique('offline'),
		params: refund(270)
	});
	const page = await openAs(ANA);
	const line = await Line.of(page);
	const ana = new ApprovalPage(page);
	await ana.open(approval);
	await ana.reject.click();
	await expect(ana.comment).toBeFocused();
	await expect(ana.main).toContainText('A reason is required to reject');

	await ana.comment.fill('Bought elsewhere');
	await line.cut();
	await expect(ana.reject).toHaveAttribute('aria-disabled', 'true');
	await expect(ana.comment).toHaveValue('Bought elsewhere');
	expect(await api.run(run)).toMatchObject({ status: 'waiting' });

	line.mend();
	await expect(page.getByRole('button', { name: 'Connection: Live' })).toBeVisible();
	await ana.reject.click();
	await ana.deliverNow.click();
	expect(await api.untilEnded(run)).toMatchObject({ outcome: 'rejected' });
});

test('on a phone the decision buttons are within reach', async ({
	browser,
	baseURL,
	api,
	unique
}) => {
	const { approval, run } = await asked(api, {
		workflow: 'WRITE_OFF',
		id: unique('thumb'),
		params: writeOff({ reason: 'Water damage. '.repeat(30) })
	});
	const context = await browser.newContext({
		viewport: { width: 360, height: 740 },
		hasTouch: true,
		isMobile: true
	});
	await context.addCookies([
		{ name: 'local_identity', value: encodeURIComponent(ANA), url: baseURL ?? '' }
	]);
	const page = await context.newPage();
	const ana = new ApprovalPage(page);
	for (const path of ['/approvals', `/approvals/${approval.id}`]) {
		await page.goto(path);
		await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
		expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
			360
		);
	}
	await expect(ana.approve).toBeInViewport({ ratio: 1 });
	// The row may be drawn anew while it is measured.
	const box = async () => (await ana.approve.boundingBox()) ?? { y: 0, height: 0 };
	await expect.poll(async () => (await box()).y).toBeGreaterThan(740 / 2);
	expect((await box()).height).toBeGreaterThanOrEqual(40);
	// The form has not been on screen: the first tap shows it.
	await ana.approve.tap();
	await expect(page.getByRole('textbox', { name: 'Units' })).toBeInViewport();
	await expect(async () => {
		await ana.approve.tap();
		await expect(ana.undo).toBeInViewport({ ratio: 1, timeout: 1_000 });
	}).toPass();
	await ana.deliverNow.tap();
	expect(await api.untilEnded(run)).toMatchObject({ outcome: 'completed' });
	await context.close();
});

test('similar approvals can be decided together, outliers excluded', async ({
	openAs,
	api,
	unique
}) => {
	const order = unique('order');
	const amounts = [120, 130, 125, 140, 9_000];
	const runs = await Promise.all(
		amounts.map((amount, place) =>
			asked(api, {
				workflow: 'REFUND',
				id: `${order}-${place}`,
				params: refund(amount, { order })
			}).then(({ run }) => run)
		)
	);
	const page = await openAs(ANA);
	const inbox = new ApprovalsPage(page);
	await inbox.open(`?grouped=yes&q=${order}`);
	await expect(page.getByText('4 similar, 1 different')).toBeVisible();
	const odd = inbox.of(`${order}-4`);
	await expect(odd).toContainText('Different: amount 9000 differs from the usual 130');
	await expect(odd.getByRole('checkbox')).toHaveCount(0);

	await page.getByRole('button', { name: 'Select 4 similar' }).click();
	// One of them is decided by somebody else in the meantime.
	const gone = await api.approvalOf({ workflow: 'REFUND', id: `${order}-0` });
	const selected = page.getByRole('region', { name: 'Selected approvals' });
	await selected.getByRole('button', { name: 'Approve 4' }).click();
	await api.as(BEN).ask('POST', `/approvals/${gone.id}/decision`, { approved: true });
	await inbox.dialog.getByRole('button', { name: 'Approve 4' }).click();
	await expect(inbox.dialog).toContainText('3 of 4 decided');
	const results = inbox.dialog.getByRole('list', { name: 'Results' });
	await expect(results.getByRole('listitem')).toHaveCount(4);
	await expect(results).toContainText('Already approved by bert');
	await inbox.dialog.getByRole('button', { name: 'Close' }).first().click();

	await expect(inbox.undoBar).toContainText('3 decisions.');
	await inbox.deliverNow();
	for (const run of runs.slice(0, 4)) {
		expect(await api.untilEnded(run)).toMatchObject({ outcome: 'completed' });
	}
	expect(await api.run({ workflow: 'REFUND', id: `${order}-4` })).toMatchObject({
		status: 'waiting'
	});
});

test('keyboard shortcuts move, claim, reject, approve and undo', async ({
	openAs,
	api,
	unique
}) => {
	const order = unique('keys');
	const runs: { approval: Approval; run: { workflow: string; id: string } }[] = [];
	for (const place of [0, 1]) {
		const params = refund(180, { order });
		runs.push(await asked(api, { workflow: 'REFUND', id: `${order}-${place}`, params }));
	}
	// The decisions that can be undone are a person's own: nobody else's are among these.
	const kate = unique('kate');
	const page = await openAs(`${kate}:viewer,approver`);
	const inbox = new ApprovalsPage(page);
	await inbox.open(`?q=${order}`);
	await expect(inbox.of(`${order}-1`)).toBeVisible();
	await page.keyboard.press('j');
	await page.keyboard.press('c');
	await expect(inbox.of(`${order}-0`)).toContainText(`Claimed by ${kate}`);
	await page.keyboard.press('a');
	await expect(inbox.button(`${order}-0`, 'Approve')).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(inbox.undoBar).toContainText('Approved');
	// The row keeps its place, so that the next key does not hit another one.
	await expect(inbox.of(`${order}-0`)).toContainText('Approved');
	await page.keyboard.press('u');
	await expect(inbox.button(`${order}-0`, 'Approve')).toBeVisible();

	await page.keyboard.press('j');
	await page.keyboard.press('r');
	await expect(inbox.dialog.getByRole('textbox', { name: 'Reason' })).toBeFocused();
	await page.keyboard.type('Not ours');
	await inbox.confirm('Reject');
	// The news of it can be there before the dialog is gone, which takes the keys while it is there.
	await expect(inbox.dialog).toHaveCount(0);
	await expect(inbox.undoBar).toContainText('Rejected');
	await page.keyboard.press('k');
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL(new RegExp(`${runs[0]?.approval.id}$`));
	await expect(page.getByRole('region', { name: 'Your decision' })).toBeVisible();
	await page.keyboard.press('?');
	await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toContainText(
		'Undo your decision'
	);
});

test('a deadline counts down, warns, escalates and expires', async ({ openAs, api, unique }) => {
	const { approval, run } = await asked(api, {
		workflow: 'WRITE_OFF',
		id: unique('deadline'),
		params: writeOff({ decideWithin: '16 seconds' })
	});
	const ana = new ApprovalPage(await openAs(ANA));
	await ana.open(approval);
	await expect(ana.main).toContainText(/expires in \d+ s, then rejected/);
	await expect(ana.main).toContainText('Escalated');
	await expect(ana.main).toContainText('approver, group finance, except the requester');
	await expect(ana.main).toContainText('Expires soon.');
	await ana.expectStatus('Rejected');
	await expect(ana.main).toContainText('Deadline passed: rejected');
	const { body } = await api.ask<Approval>('GET', `/approvals/${approval.id}`);
	expect(body).toMatchObject({ status: 'rejected', decidedAt: approval.expiresAt });
	expect(await api.untilEnded(run)).toMatchObject({
		outcome: 'rejected',
		error: { message: expect.stringMatching(/^Rejected: No decision/) }
	});
	await new RunPage(ana.page).open(run);
	await expect(ana.main).toContainText('Rejected: nobody decided before the deadline.');
	await expect(ana.main).not.toContainText('by signalbox');
});

test('the badge, the title and the list show one count, and filters live in the URL', async ({
	openAs,
	api,
	unique
}) => {
	const { run } = await asked(api, {
		workflow: 'WRITE_OFF',
		id: unique('count'),
		params: writeOff({ units: 100, unitCost: 250 })
	});
	const page = await openAs(ANA);
	const inbox = new ApprovalsPage(page);
	await inbox.open();
	await expect(async () => {
		const listed = await inbox.assignee('For me').locator('.count').textContent();
		expect(Number(listed)).toBeGreaterThan(0);
		expect(await page.title()).toBe(`(${listed}) Approvals · Signalbox`);
		const badge = page.getByRole('navigation').getByRole('link', { name: /^Approvals/ });
		await expect(badge).toContainText(`${listed} pending`, { timeout: 100 });
	}).toPass();

	await page.getByRole('combobox', { name: 'Find approvals' }).fill(run.id);
	await expect(page).toHaveURL(/q=count-/);
	await expect(page.getByRole('article')).toHaveCount(1);
	await page.getByRole('button', { name: 'Severity' }).click();
	await page.getByRole('menuitemcheckbox', { name: 'Low' }).click();
	await page.keyboard.press('Escape');
	await expect(page.getByRole('heading', { name: 'No matching approvals' })).toBeVisible();
	await page.reload();
	await expect(page.getByRole('heading', { name: 'No matching approvals' })).toBeVisible();
	await page.getByRole('button', { name: 'Clear filters' }).click();
	await expect(page.getByRole('article').first()).toBeVisible();
});

test('markdown is rendered and nothing in it is executed', async ({ openAs, api, unique }) => {
	const evil =
		'**Wet** <img src=x onerror="document.title=1"> [press](javascript:document.title=1) ![p](/x.png)';
	const { approval } = await asked(api, {
		workflow: 'WRITE_OFF',
		id: unique('markdown'),
		params: writeOff({ reason: evil })
	});
	const page = await openAs(ANA);
	const ana = new ApprovalPage(page);
	await ana.open(approval);
	const text = page.locator('.markdown');
	await expect(text.locator('strong').first()).toHaveText('Wet');
	await expect(text).toContainText('<img src=x onerror');
	await expect(text.locator('img, script, [onerror], a[href^="javascript"]')).toHaveCount(0);
	await expect(text.getByRole('link', { name: 'press' })).toHaveCount(0);
	await expect(page).toHaveTitle(/Signalbox/);
});

test('alerts appear in the background for approvals that this person can decide', async ({
	openAs,
	api,
	unique
}) => {
	const page = await openAs(ANA);
	await page.context().grantPermissions(['notifications']);
	await page.addInitScript(() => {
		const shown: string[] = [];
		class Told {
			static permission = 'granted';
			static requestPermission = async () => 'granted';
			onclick: (() => void) | null = null;
			constructor(title: string) {
				shown.push(title);
			}
			close() {}
		}
		Object.assign(window, { Notification: Told, shown });
		Object.defineProperty(document, 'hidden', { get: () => true });
	});
	const shown = () => page.evaluate(() => (window as unknown as { shown: string[] }).shown);
	const inbox = new ApprovalsPage(page);
	await inbox.open();
	const before = unique('before');
	await asked(api, { workflow: 'REFUND', id: before, params: refund(150, { order: before }) });

	await page.getByRole('button', { name: 'Alerts' }).click();
	const notification = page.getByRole('checkbox', { name: 'Notification' });
	await expect(notification).not.toBeChecked();
	await notification.check();
	const [mine, other] = [unique('mine'), unique('other')];
	await asked(api, { workflow: 'REFUND', id: other, params: refund(150, { order: other }) });
	await asked(api, { workflow: 'REFUND', id: mine, params: refund(160, { order: mine }) });
	await expect.poll(shown).toContainEqual(expect.stringContaining(mine));
	expect((await shown()).filter((title) => title.includes(mine))).toHaveLength(1);
	expect((await shown()).filter((title) => title.includes(before))).toEqual([]);
});

test('an admin adds a webhook and sees its secret once', async ({ openAs, unique }) => {
	const page = await openAs('adam:viewer,admin');
	await page.goto('/admin?tab=webhooks');
	const address = `https://hooks.example/${unique('hook')}`;
	await page.getByRole('textbox', { name: 'URL' }).fill('not an address');
	await page.getByRole('button', { name: 'Add webhook' }).click();
	await expect(page.getByRole('alert').first()).toContainText('http or https URL');
	await page.getByRole('textbox', { name: 'URL' }).fill('http://192.168.0.1/hook');
	await page.getByRole('button', { name: 'Add webhook' }).click();
	await expect(page.getByRole('alert').first()).toContainText('not a public address');
	await page.getByRole('textbox', { name: 'URL' }).fill(address);
	await page.getByRole('checkbox', { name: 'Deadline approaching' }).uncheck();
	await page.getByRole('button', { name: 'Add webhook' }).click();
	await expect(page.getByText('Signing secret, shown only once:')).toBeVisible();
	const line = page.getByRole('list', { name: 'Webhooks' }).getByRole('listitem');
	const own = line.filter({ hasText: address });
	await expect(own).toContainText(
		'requested, escalated, decided, and expired events for all workflows'
	);
	await page.reload();
	await expect(own).toBeVisible();
	await expect(page.getByText('Signing secret, shown only once:')).toHaveCount(0);
	await own.getByRole('button', { name: 'Delete' }).click();
	await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
	await expect(own).toHaveCount(0);
});

test('an invalid link explains itself above the list', async ({ openAs }) => {
	const page = await openAs('pia:approver');
	await page.goto(`/api/v1/links/${'x'.repeat(20)}`);
	await expect(page).toHaveURL(/\/approvals\?link=not-found/);
	const notice = page.getByRole('status').filter({ hasText: 'invalid or incomplete' });
	await expect(notice).toBeVisible();
	await notice.getByRole('button').click();
	await expect(notice).toHaveCount(0);
	await expect(page).toHaveURL(/\/approvals$/);
});

test('metrics show how long decisions take', async ({ openAs, api, unique }) => {
	const { approval, run } = await asked(api, {
		workflow: 'REFUND',
		id: unique('figures'),
		params: refund(170)
	});
	const name = unique('dora');
	const decision = { approved: true };
	await api.as(`${name}:approver`).ask('POST', `/approvals/${approval.id}/decision`, decision);
	const ended: Run = await api.untilEnded(run);
	expect(ended.outcome).toBe('completed');
	const page = await openAs(ANA);
	await page.goto('/approvals?tab=figures');
	await expect(page.getByRole('row', { name: new RegExp(`^${name} `) })).toContainText(/\d s/);
	await expect(page.getByRole('group', { name: 'By workflow' })).toContainText('REFUND');
});
