import type { Approval, Problem, PurgePreview } from '../../src/lib/protocol';
import { AdminPage } from './pages/admin-page';
import { ApprovalsPage } from './pages/approvals-page';
import { AppShell } from './pages/app-shell';
import { RunPage } from './pages/run-page';
import { RunsPage } from './pages/runs-page';
import { StartPage } from './pages/start-page';
import { expectForbidden } from './support/api';
import { expect, test } from './support/test';

const OPERATOR = 'olive:viewer,operator';
const APPROVER = 'ana:viewer,approver';
const SECOND_APPROVER = 'ben:viewer,approver';
const ADMIN = 'adam:viewer,admin';

const refund = (amount: number) => ({
	order: 'ORD-1',
	amount,
	currency: 'EUR',
	reason: 'Arrived broken',
	requestedBy: 'kim@example.com'
});
const sleep = { message: 'Ask again', after: '2 hours' };

test.describe('an operator', () => {
	test('watches, pauses, resumes and terminates a run', async ({ openAs, api, unique }) => {
		const ref = { workflow: 'FOLLOW_UP', id: unique('sleeper') };
		await api.as(OPERATOR).start({ ...ref, params: sleep });
		const page = new RunPage(await openAs(OPERATOR));
		await page.open(ref);
		await page.expectStatus('Sleeping');

		await page.act('Pause');
		await page.expectStatus('Paused');
		await expect(page.action('Pause')).toHaveCount(0);
		await page.act('Resume');
		await page.expectStatus('Sleeping');
		await page.act('Terminate');
		await page.expectStatus('Terminated');
		await expect(page.action('Terminate')).toHaveCount(0);
		expect(await api.run(ref)).toMatchObject({
			status: 'terminated',
			outcome: 'terminated',
			startedBy: 'olive'
		});
	});

	test('cannot decide, purge, delete or read the audit log', async ({ openAs, api, unique }) => {
		const ref = { workflow: 'REFUND', id: unique('not-olives') };
		const done = { workflow: 'REFUND', id: unique('done') };
		await Promise.all([
			api.start({ ...ref, params: refund(500) }),
			api.start({ ...done, params: refund(5) })
		]);
		const approval = await api.approvalOf(ref);
		await api.untilEnded(done);

		const page = await openAs(OPERATOR);
		const inbox = new ApprovalsPage(page);
		await inbox.open();
		for (const verb of ['Approve', 'Reject'] as const) {
			await expectOff(inbox.button(ref.id, verb), 'Requires the approver role');
		}
		// Playwright would wait for it to be enabled; a person presses it all the same.
		await inbox.button(ref.id, 'Approve').click({ force: true });
		await expect(inbox.dialog).toHaveCount(0);
		await expect(inbox.button(ref.id, 'Approve')).toHaveAccessibleDescription(
			'Requires the approver role'
		);

		const admin = new AdminPage(page);
		await admin.open();
		await expectOff(admin.preview, 'Requires the admin role');
		await admin.open('audit');
		await expect(page.getByText('The audit log requires the admin role')).toBeVisible();

		const run = new RunPage(page);
		await run.open(done);
		await expectOff(run.action('Delete'), 'Requires the admin role');

		const olive = api.as(OPERATOR);
		const decision = { approved: true };
		expectForbidden(
			await olive.ask('POST', `/approvals/${approval.id}/decision`, decision),
			'approver'
		);
		expectForbidden(await olive.ask('DELETE', `/runs/REFUND/${done.id}`), 'admin');
		const purge = { criteria: { q: done.id }, dryRun: false };
		expectForbidden(await olive.ask('POST', '/purges', purge), 'admin');
		expectForbidden(await olive.ask('GET', '/audit'), 'admin');
		expect(await api.run(ref)).toMatchObject({ status: 'waiting' });
		expect(await api.run(done)).toMatchObject({ status: 'complete' });
	});
});

test('a viewer sees neither a black Decide nor a badge of what they cannot decide', async ({
	openAs,
	api,
	unique
}) => {
	const ref = { workflow: 'REFUND', id: unique('look') };
	await api.start({ ...ref, params: refund(180) });
	await api.approvalOf(ref);
	const page = await openAs('vera:viewer');
	const run = new RunPage(page);
	await run.open(ref);
	await expect(page.getByRole('main').getByRole('link', { name: 'View approval' })).toBeVisible();
	await expect(page.getByRole('main').getByRole('link', { name: 'Decide' })).toHaveCount(0);
	const entry = page.getByRole('navigation', { name: 'Pages' }).getByRole('link', {
		name: /^Approvals/
	});
	await expect(entry).toHaveAccessibleName('Approvals');
	await expect(page).not.toHaveTitle(/^\(/);
	const inbox = new ApprovalsPage(page);
	await inbox.open();
	await expectOff(inbox.button(ref.id, 'Claim'), 'Requires the approver role');
	const isSunken = (name: 'Claim' | 'Approve') =>
		inbox.button(ref.id, name).evaluate((button) => getComputedStyle(button).backgroundColor);
	expect(await isSunken('Claim')).toBe(await isSunken('Approve'));

	const approver = await openAs('abby:viewer,approver');
	await new RunPage(approver).open(ref);
	await expect(approver.getByRole('main').getByRole('link', { name: 'Decide' })).toBeVisible();
});

test.describe('an approver', () => {
	test('approves one refund and rejects another with a reason', async ({ openAs, api, unique }) => {
		const yes = { workflow: 'REFUND', id: unique('yes') };
		const no = { workflow: 'REFUND', id: unique('no') };
		await Promise.all([
			api.start({ ...yes, params: refund(200) }),
			api.start({ ...no, params: refund(300) })
		]);
		const page = await openAs(APPROVER);
		const inbox = new ApprovalsPage(page);
		await inbox.open();
		await expect(inbox.of(yes.id)).toContainText('Refund 200.00 EUR');

		await inbox.approve(yes.id);
		await expect(inbox.of(yes.id)).toContainText('ana approved');
		await inbox.deliverNow();

		await inbox.ask(no.id, 'Reject');
		await inbox.confirm('Reject');
		await expect(inbox.dialog).toContainText('A reason is required to reject');
		await inbox.confirm('Reject', 'The photo shows another pot');
		await expect(inbox.dialog).toHaveCount(0);
		await expect(inbox.undoBar).toContainText('Rejected');
		await inbox.deliverNow();

		expect(await api.untilEnded(yes)).toMatchObject({ outcome: 'completed' });
		expect(await api.untilEnded(no)).toMatchObject({ outcome: 'rejected' });
		const run = new RunPage(page);
		await run.open(no);
		await run.expectStatus('Rejected');
		await expect(page.getByRole('main')).toContainText(
			'Rejected by ana: The photo shows another pot'
		);
	});

	test('whoever decides second learns who decided first, and when', async ({
		openAs,
		api,
		unique
	}) => {
		const ref = { workflow: 'REFUND', id: unique('race') };
		await api.start({ ...ref, params: refund(400) });
		const approval = await api.approvalOf(ref);
		const [first, second] = [await openAs(APPROVER), await openAs(SECOND_APPROVER)];
		const [ana, ben] = [new ApprovalsPage(first), new ApprovalsPage(second)];
		await Promise.all([ana.open(), ben.open()]);
		await ben.ask(ref.id, 'Reject');

		await ana.approve(ref.id);
		await expect(ben.dialog).toContainText('This approval is no longer pending');
		await ben.confirm('Reject', 'I think not');
		const told = ben.dialog.getByRole('alert');
		await expect(told).toContainText('Already decided');
		await expect(told).toContainText('ana approved');
		await expect(told.locator('time')).toHaveAttribute('datetime', /^\d{4}-\d\d-\d\dT/);

		const late = await api
			.as(SECOND_APPROVER)
			.ask<Problem>('POST', `/approvals/${approval.id}/decision`, { approved: true });
		expect(late.status).toBe(409);
		expect(late.type).toContain('application/problem+json');
		expect(JSON.stringify(late.body)).toContain('ana');
		const { body } = await api.ask<Approval>('GET', `/approvals/${approval.id}`);
		expect(body).toMatchObject({ status: 'approved', decisions: [{ by: 'ana', approved: true }] });
		await ana.deliverNow();
		expect(await api.untilEnded(ref)).toMatchObject({ outcome: 'completed' });
	});

	test('cannot start, control or purge runs', async ({ openAs, api, unique }) => {
		const ref = { workflow: 'FOLLOW_UP', id: unique('not-anas') };
		await api.start({ ...ref, params: sleep });
		const page = await openAs(APPROVER);
		const run = new RunPage(page);
		await run.open(ref);
		for (const name of ['Pause', 'Terminate', 'Restart'] as const) {
			await expectOff(run.action(name), 'Requires the operator role');
		}
		const start = new StartPage(page);
		await start.open('REFUND');
		await expectOff(start.start, 'Requires the operator role');
		await new AdminPage(page).open();
		await expectOff(new AdminPage(page).preview, 'Requires the admin role');

		const ana = api.as(APPROVER);
		const body = { workflow: 'REFUND', id: unique('never'), params: refund(5) };
		expectForbidden(await ana.ask('POST', '/runs', body), 'operator');
		for (const verb of ['pause', 'resume', 'terminate', 'restart']) {
			expectForbidden(await ana.ask('POST', `/runs/FOLLOW_UP/${ref.id}/${verb}`, {}), 'operator');
		}
		expectForbidden(
			await ana.ask('POST', `/runs/FOLLOW_UP/${ref.id}/events`, { type: 'wake' }),
			'operator'
		);
		expectForbidden(
			await ana.ask('POST', '/purges', { criteria: { q: ref.id }, dryRun: true }),
			'admin'
		);
		expect(await api.run(ref)).toMatchObject({ status: 'waiting' });
		await api.ask('POST', `/runs/FOLLOW_UP/${ref.id}/terminate`, {});
	});
});

test.describe('an admin', () => {
	test('previews, confirms and runs a purge', async ({ openAs, api, unique }) => {
		const season = unique('season');
		const metadata = { season };
		const ended = await Promise.all(
			[1, 2, 3, 4, 5].map((number) =>
				api.start({ workflow: 'REFUND', id: unique(`old-${number}`), params: refund(5), metadata })
			)
		);
		const kept = { workflow: 'REFUND', id: unique('kept') };
		await api.start({ ...kept, params: refund(500), metadata });
		await Promise.all(ended.map((ref) => api.untilEnded(ref)));
		await api.until(kept, 'waiting');
		const watcher = new RunsPage(await openAs(OPERATOR));
		await watcher.open(`season:${season}`);
		await expect.poll(() => watcher.rows()).toHaveLength(6);

		const page = await openAs(ADMIN);
		const admin = new AdminPage(page);
		await admin.open();
		await admin.query.fill(`season:${season}`);
		await admin.preview.click();
		const preview = admin.panel('5 runs will be deleted');
		await expect(preview.getByRole('list', { name: 'By status' })).toContainText(/Complete\s*5/);
		await expect(preview).toContainText('1 waits for an approval decision');
		expect(
			(
				await api
					.as(ADMIN)
					.ask<PurgePreview>('POST', '/purges', { criteria: { metadata }, dryRun: true })
			).body
		).toMatchObject({ total: 5, byStatus: { complete: 5 }, protected: 1 });

		await preview.getByRole('button', { name: 'Purge 5 runs' }).click();
		const dialog = page.getByRole('dialog');
		await dialog.getByRole('button', { name: 'Purge 5 runs' }).click();
		await expect(dialog).toContainText('Type the number of runs: 5');
		await dialog.getByRole('textbox', { name: 'Reason' }).fill('no longer needed');
		await dialog.getByRole('textbox', { name: 'Type 5 to confirm' }).fill('5');
		await dialog.getByRole('button', { name: 'Purge 5 runs' }).click();

		const purge = admin.panel('Purge');
		await expect(purge.getByText('Complete', { exact: true })).toBeVisible();
		await expect(purge.getByRole('link', { name: /^PURGE / })).toBeVisible();
		for (const { id } of ended) {
			expect((await api.ask('GET', `/runs/REFUND/${id}`)).status).toBe(404);
		}
		expect(await api.run(kept)).toMatchObject({ status: 'waiting' });
		await expect.poll(() => watcher.rows()).toEqual([`REFUND/${kept.id}: Waiting`]);

		await admin.open('audit');
		await page.getByRole('combobox', { name: 'Action' }).selectOption('purge.start');
		const audit = page.getByRole('list', { name: 'Audit log' });
		await expect(audit).toContainText('adam');
		await page.getByRole('searchbox', { name: 'Search the audit log' }).fill('by:adam longer');
		await expect(audit.getByRole('listitem')).toHaveCount(1);
		await expect(audit).toContainText('no longer needed');
		await expect(page).toHaveURL(/q=by/);
	});

	test('cannot control runs or decide approvals', async ({ openAs, api, unique }) => {
		const ref = { workflow: 'REFUND', id: unique('not-adams') };
		await api.start({ ...ref, params: refund(500) });
		const approval = await api.approvalOf(ref);
		const page = await openAs(ADMIN);
		const run = new RunPage(page);
		await run.open(ref);
		await expectOff(run.action('Pause'), 'Requires the operator role');
		await expectOff(run.action('Terminate'), 'Requires the operator role');
		await page.goto(`/approvals/${approval.id}`);
		await expectOff(page.getByRole('button', { name: 'Approve' }), 'Requires the approver role');

		const adam = api.as(ADMIN);
		expectForbidden(await adam.ask('POST', `/runs/REFUND/${ref.id}/terminate`, {}), 'operator');
		expectForbidden(
			await adam.ask('POST', `/approvals/${approval.id}/decision`, { approved: true }),
			'approver'
		);
		expect(await api.run(ref)).toMatchObject({ status: 'waiting' });
	});
});

test('the user menu shows the user and switches between local users', async ({
	page,
	api,
	unique
}) => {
	const ref = { workflow: 'FOLLOW_UP', id: unique('switch') };
	await api.start({ ...ref, params: sleep });
	const [shell, run] = [new AppShell(page), new RunPage(page)];
	await run.open(ref);
	await expect(shell.person).toHaveAccessibleName('you: every role');
	await expect(run.action('Pause')).toBeEnabled();

	await shell.become('ana');
	await expect(shell.person).toHaveAccessibleName('ana: viewer, approver');
	await expectOff(run.action('Pause'), 'Requires the operator role');
	await shell.expectMark('Live');

	await shell.become('olive');
	await expect(run.action('Pause')).not.toHaveAttribute('aria-disabled');
	await shell.expectMark('Live');
	await run.act('Terminate');
	await run.expectStatus('Terminated');
	const { body } = await api.ask<{ entries: { by: string; action: string; target: string }[] }>(
		'GET',
		`/audit?target=FOLLOW_UP/${ref.id}`
	);
	expect(body.entries).toContainEqual(
		expect.objectContaining({ by: 'olive', action: 'run.terminate' })
	);
});

test('a person without a role sees an explanation', async ({ openAs }) => {
	const page = await openAs('zed:');
	await page.goto('/runs');
	await expect(page.getByRole('heading', { name: 'You have no role yet' })).toBeVisible();
	await expect(new AppShell(page).person).toHaveAccessibleName('zed: no role');
});

/** Expects a button that may not be pressed and says why. */
async function expectOff(button: ReturnType<RunPage['action']>, reason: string): Promise<void> {
	await expect(button).toHaveAttribute('aria-disabled', 'true');
	await expect(button).toHaveAccessibleDescription(reason);
}
