import { readFileSync } from 'node:fs';
import type { Approval, RunEvent } from '../../src/lib/protocol';
import { ApprovalsPage } from './pages/approvals-page';
import { AppShell } from './pages/app-shell';
import { RunsPage } from './pages/runs-page';
import { Api } from './support/api';
import { Line } from './support/line';
import { OneLoad } from './support/loads';
import { textsSeen } from './support/seen';
import { Server } from './support/server';
import { expect, test } from './support/test';

const refund = {
	order: 'ORD-1',
	amount: 500,
	currency: 'EUR',
	reason: 'Arrived broken',
	requestedBy: 'kim@example.com'
};

test('a server that is killed loses no event and no approval, and pages recover', async ({
	page
}) => {
	const server = await Server.onFreePort();
	const api = new Api(server.origin);
	const runs = {
		import: { workflow: 'CATALOG_IMPORT', id: 'import' },
		count: { workflow: 'STOCK_COUNT', id: 'count' },
		sleeper: { workflow: 'FOLLOW_UP', id: 'sleeper' },
		refund: { workflow: 'REFUND', id: 'refund' }
	};
	try {
		await server.start();
		await page.goto(`${server.origin}/runs`);
		const [frame, list] = [new AppShell(page), new RunsPage(page)];
		await frame.expectMark('Live');
		const oneLoad = await OneLoad.of(page);
		const text = readFileSync('data/catalog-5000.csv', 'utf8');
		const params = { source: { text }, format: 'csv', batchSize: 100 };
		await api.start({ ...runs.refund, params: refund });
		await api.start({ ...runs.import, params });
		const pending = await api.approvalOf(runs.refund);
		const { id: gate } = await api.approvalOf(runs.import);
		await api.start({ ...runs.sleeper, params: { message: 'Wake up', after: '15 seconds' } });
		await api.start({ ...runs.count, params: { aisles: ['dairy', 'bakery', 'produce'] } });
		await list.expectStatus('sleeper', 'Sleeping');
		await expect(list.link('count_dairy')).toBeVisible();
		const heard = {
			import: await api.follow(runs.import),
			count: await api.follow(runs.count),
			sleeper: await api.follow(runs.sleeper),
			refund: await api.follow(runs.refund)
		};

		await test.step('it is killed in the middle of an import', async () => {
			const decided = api.ask('POST', `/approvals/${gate}/decision`, { approved: true });
			// The answer may be lost with the server: what counts is what the history says.
			decided.catch(() => undefined);
			await expect(list.row('import')).toContainText(/load-batch-\d/);
			await server.kill();
			await Promise.all(Object.values(heard).map(({ ended }) => ended));
			await frame.expectMark(/^Connection: (Reconnecting|Stale)/);
			await frame.expectMark(/^Connection: Stale since \d/);
			await expect(list.row('import')).toContainText(/load-batch-\d/);
			await expect(page.getByRole('alert')).toContainText('Connection lost');
		});

		await test.step('the page goes on by itself when it is back', async () => {
			await server.start();
			await frame.expectMark('Live');
			await expect(page.getByRole('alert')).toHaveCount(0);
			await list.expectStatus('import', 'Complete');
			await list.expectStatus('count', 'Complete');
			await list.expectStatus('sleeper', 'Complete');
		});

		await test.step('no event was lost or told twice', async () => {
			for (const name of ['import', 'count', 'sleeper', 'refund'] as const) {
				expectToGoOn(heard[name].events, await api.events(runs[name]), name);
			}
			expect((await api.run(runs.import)).output).toMatchObject({ loaded: 4672, rejected: 328 });
		});

		await test.step('the approval still waits, and is the same', async () => {
			expect(await api.approvalOf(runs.refund)).toEqual(pending);
			await frame.follow('Approvals');
			const inbox = new ApprovalsPage(page);
			await inbox.approve('refund');
			await inbox.deliverNow();
			expect(await api.untilEnded(runs.refund)).toMatchObject({ outcome: 'completed' });
		});

		await frame.follow('Runs');
		await expectTruth(list, api, '');
		await oneLoad.expectSame();
	} finally {
		await server.dispose();
	}
});

test('a deadline that passes while the server is down is kept to the moment', async ({ page }) => {
	const server = await Server.onFreePort();
	try {
		await server.start();
		const api = new Api(server.origin);
		const run = { workflow: 'WRITE_OFF', id: 'in-the-dark' };
		const params = {
			product: 'Teapot, blue',
			units: 24,
			unitCost: 18.5,
			reason: 'Water damage',
			decideWithin: '10 seconds'
		};
		await api.as('olive:viewer,operator').start({ ...run, params });
		const approval = await api.approvalOf(run);
		await page.goto(`${server.origin}/approvals/${approval.id}`);
		await expect(page.getByRole('main')).toContainText(/expires in \d+ s, then rejected/);
		await server.kill();
		await expect.poll(() => Date.now() - (approval.expiresAt ?? 0)).toBeGreaterThan(0);

		await server.start();
		const heading = page.getByRole('heading', { level: 1 });
		await expect(heading).toContainText('Rejected');
		await expect(page.getByRole('main')).toContainText('Deadline passed');
		expect(await api.untilEnded(run)).toMatchObject({ outcome: 'rejected' });
		const { body } = await api.ask<Approval>('GET', `/approvals/${approval.id}`);
		expect(body).toMatchObject({ status: 'rejected', decidedAt: approval.expiresAt });
		const late = await api.ask('POST', `/approvals/${approval.id}/decision`, {
			approved: true,
			data: { account: 'damage', units: 24 }
		});
		expect(late.status).toBe(409);
	} finally {
		await server.dispose();
	}
});

test('a dropped socket comes back to the rows of a fresh load', async ({
	page,
	context,
	api,
	unique
}) => {
	const lane = unique('lane');
	const [kept, ended, gone] = [unique('kept'), unique('ended'), unique('gone')];
	const sleep = { message: 'Ask again', after: '2 hours' };
	const start = (id: string) =>
		api.start({ workflow: 'FOLLOW_UP', id, params: sleep, metadata: { lane } });
	for (const id of [kept, ended, gone]) await start(id);

	const line = await Line.of(page);
	const [frame, list] = [new AppShell(page), new RunsPage(page)];
	await list.open(`lane:${lane}`);
	await frame.expectMark('Live');
	const oneLoad = await OneLoad.of(page);
	for (const id of [kept, ended, gone]) await list.expectStatus(id, 'Sleeping');

	await line.cut();
	await frame.expectMark(/^Connection: (Reconnecting|Stale)/);
	for (const id of [ended, gone]) {
		await api.ask('POST', `/runs/FOLLOW_UP/${id}/terminate`, {});
		await api.until({ workflow: 'FOLLOW_UP', id }, 'terminated');
	}
	expect((await api.ask('DELETE', `/runs/FOLLOW_UP/${gone}`)).status).toBeLessThan(300);
	const late = unique('late');
	await start(late);
	await api.until({ workflow: 'FOLLOW_UP', id: late }, 'waiting');
	await list.expectStatus(ended, 'Sleeping');

	line.mend();
	await frame.expectMark('Live');
	await list.expectStatus(late, 'Sleeping');
	const fresh = new RunsPage(await context.newPage());
	await fresh.open(`lane:${lane}`);
	await fresh.expectStatus(late, 'Sleeping');
	const rows = await fresh.rows();
	expect(rows).toEqual([
		`FOLLOW_UP/${late}: Sleeping`,
		`FOLLOW_UP/${ended}: Terminated`,
		`FOLLOW_UP/${kept}: Sleeping`
	]);
	await expect.poll(() => list.rows()).toEqual(rows);
	await oneLoad.expectSame();
	await api.ask('POST', `/runs/FOLLOW_UP/${late}/terminate`, {});
	await list.expectStatus(late, 'Terminated');
});

test('a page that slept wakes to the rows of a fresh load', async ({
	page,
	context,
	api,
	unique
}) => {
	const lane = unique('lane');
	const [before, during] = [unique('before'), unique('during')];
	const start = (id: string) =>
		api.start({
			workflow: 'FOLLOW_UP',
			id,
			params: { message: 'Ask again', after: '2 hours' },
			metadata: { lane }
		});
	await start(before);
	const [frame, list] = [new AppShell(page), new RunsPage(page)];
	await list.open(`lane:${lane}`);
	await list.expectStatus(before, 'Sleeping');
	const oneLoad = await OneLoad.of(page);

	// As a closed laptop: no timer runs and no network task, until it is opened again.
	const browser = await context.newCDPSession(page);
	await browser.send('Page.setWebLifecycleState', { state: 'frozen' });
	await start(during);
	await api.ask('POST', `/runs/FOLLOW_UP/${before}/terminate`, {});
	await api.until({ workflow: 'FOLLOW_UP', id: before }, 'terminated');
	await api.until({ workflow: 'FOLLOW_UP', id: during }, 'waiting');
	await browser.send('Page.setWebLifecycleState', { state: 'active' });

	await list.expectStatus(before, 'Terminated');
	await list.expectStatus(during, 'Sleeping');
	await frame.expectMark('Live');
	await expect
		.poll(() => list.rows())
		.toEqual([`FOLLOW_UP/${during}: Sleeping`, `FOLLOW_UP/${before}: Terminated`]);
	await oneLoad.expectSame();
});

test('the connection mark never says live without a heartbeat', async ({ page }) => {
	const line = await Line.of(page);
	line.mute();
	const frame = new AppShell(page);
	await page.goto('/runs');
	await frame.expectMark('Connecting');
	const seen = await textsSeen(frame.mark);
	await frame.expectMark(/^Connection: Stale since \d/);
	expect((await seen()).filter((text) => text.includes('Live'))).toEqual([]);
	await expect(page.getByRole('main')).toContainText('The server does not answer');

	line.mend();
	await frame.expectMark('Live');
	line.mute();
	await frame.expectMark(/^Connection: Stale/);
	line.mend();
	await frame.expectMark('Live');
});

/** Expects that a history begins with everything that was heard of it before, each event once. */
function expectToGoOn(before: RunEvent[], after: RunEvent[], name: string): void {
	expect(before.length, `${name} was heard of`).toBeGreaterThan(0);
	expect(after.slice(0, before.length), name).toEqual(before);
	const ids = after.map(({ eventId }) => eventId);
	expect(ids, name).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
}

/** Expects that the list shows exactly the runs that the API finds, in its order. */
async function expectTruth(list: RunsPage, api: Api, q: string): Promise<void> {
	const found = (await api.find(q)).map(({ workflow, id }) => `${workflow}/${id}`);
	await expect
		.poll(async () => (await list.rows()).map((row) => row.split(': ')[0]))
		.toEqual(found);
}
