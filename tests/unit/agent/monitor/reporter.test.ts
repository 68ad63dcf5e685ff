import { beforeEach, describe, expect, it, vi } from 'vitest';
import { OpenTails } from '../../../../src/lib/agent/monitor/history/open-tails';
import { Reporter } from '../../../../src/lib/agent/monitor/reporter';
import { AuditNotes } from '../../../../src/lib/agent/monitor/store/audit-notes';
import { Outbox } from '../../../../src/lib/agent/monitor/store/outbox';
import type { Report } from '../../../../src/lib/agent/rpc/agent-rpc';
import { aRun } from '../../support/runs';
import { memoryStorage } from '../../support/storage';

// The entry of the SDK needs workerd; the one function that is used of it does not.
vi.mock('agents', () => import('../../../../node_modules/agents/dist/utils.js'));

/** A report that the test acknowledges or fails. */
type Sent = { report: Report; acknowledge: (resend?: boolean) => void; fail: () => void };

describe('the reporter', () => {
	let sent: Sent[];
	let alarms: number;
	let flushes: number;
	let openTails: OpenTails;
	let outbox: Outbox;
	let reporter: Reporter;
	let storage: ReturnType<typeof memoryStorage>;

	beforeEach(() => {
		sent = [];
		alarms = 0;
		flushes = 0;
		openTails = new OpenTails();
		storage = memoryStorage();
		outbox = new Outbox(storage.sql);
		outbox.migrate();
		const notes = new AuditNotes(storage.sql, outbox);
		notes.migrate();
		reporter = new Reporter({
			ctx: { storage, waitUntil: () => undefined },
			agent: { selfPath: [{ className: 'StoreAgent', name: 'berlin' }] },
			operations: {
				intake: (report) => {
					const { promise, resolve, reject } = Promise.withResolvers<{ resend: boolean }>();
					const acknowledge = (resend = false) => resolve({ resend });
					sent.push({ report, acknowledge, fail: () => reject(new Error('away')) });
					return promise;
				}
			},
			outbox,
			notes,
			runs: {
				allRuns: () => [{ ref: { workflow: 'REFUND', id: 'a' }, version: 9 }],
				findRecord: (ref) => ({
					run: aRun({ ...ref, finishedAt: ref.id.startsWith('ended') ? 1 : null }),
					version: 1,
					exact: true
				})
			},
			approvals: { allApprovals: () => [], findRecord: () => null },
			renames: { markEveryMove: () => undefined },
			alarmPlan: { updateAlarm: () => (alarms += 1) },
			buffer: { flushAll: () => (flushes += 1) },
			openTails
		});
	});

	const mark = (id: string, version: number) => outbox.markChanged('run', `REFUND/${id}`, version);
	const turn = () => new Promise((resolve) => setTimeout(resolve, 0));
	const keys = (batch: Sent | undefined) => batch?.report.runs.map(({ run }) => run.id);

	async function isDone(work: Promise<void>): Promise<boolean> {
		return Promise.race([work.then(() => true), turn().then(() => false)]);
	}

	it('sends at once, and what was marked meanwhile with the next', async () => {
		mark('a', 1);
		const flushed = reporter.sendChanges();
		mark('b', 2);
		sent[0]?.acknowledge();
		await turn();
		expect(sent.map(keys)).toEqual([['a'], ['b']]);
		sent[1]?.acknowledge();
		await flushed;
		expect(outbox.isEmpty()).toBe(true);
	});

	it('sends again what changed while it was on its way', async () => {
		mark('a', 1);
		void reporter.sendChanges();
		mark('a', 2);
		sent[0]?.acknowledge();
		await turn();
		expect(keys(sent[1])).toEqual(['a']);
	});

	it('resolves when all earlier changes have arrived, however many follow', async () => {
		mark('busy', 1);
		void reporter.sendChanges();
		mark('mine', 2);
		const arrived = reporter.changesReported();
		for (let version = 3; version < 6; version += 1) {
			expect(await isDone(arrived)).toBe(version > 4);
			mark('busy', version);
			sent.at(-1)?.acknowledge();
			await turn();
		}
		expect(await isDone(reporter.sendChanges())).toBe(false);
	});

	it('does not count a batch that left before a change', async () => {
		mark('mine', 1);
		void reporter.sendChanges();
		mark('mine', 2);
		const arrived = reporter.changesReported();
		sent[0]?.acknowledge();
		expect(await isDone(arrived)).toBe(false);
		sent[1]?.acknowledge();
		expect(await isDone(arrived)).toBe(true);
	});

	it('does not wait for an unreachable Operations agent', async () => {
		mark('a', 1);
		const arrived = reporter.changesReported();
		sent[0]?.fail();
		expect(await isDone(arrived)).toBe(true);
		expect(alarms).toBe(1);
		expect(await isDone(reporter.changesReported())).toBe(true);
		expect(sent).toHaveLength(1);
	});

	it('sends the oldest changes first', async () => {
		for (let at = 0; at < 150; at += 1) mark(`key-${at}`, 150 - at);
		void reporter.sendChanges();
		expect(sent[0]?.report.runs).toHaveLength(100);
		expect(keys(sent[0])?.[0]).toBe('key-149');
		await turn();
	});

	it('numbers its reports and sends everything again when it is asked to', async () => {
		mark('ended-b', 1);
		void reporter.sendChanges();
		sent[0]?.acknowledge();
		await turn();
		expect(reporter.acknowledgedReport()).toBe(1);
		mark('ended-b', 2);
		void reporter.sendChanges();
		expect(sent[1]?.report).toMatchObject({ sequence: 2, previous: 1 });
		sent[1]?.acknowledge(true);
		await turn();
		expect(sent[2]?.report).toMatchObject({ previous: 0 });
		expect(keys(sent[2])).toEqual(['a']);
	});

	it('gives no new number to a report of runs that go on, until a minute later', async () => {
		vi.useFakeTimers({ toFake: ['Date'] });
		const numberOf = async (id: string) => {
			mark(id, Date.now());
			const done = reporter.sendChanges();
			sent.at(-1)?.acknowledge();
			await done;
			return sent.at(-1)?.report.sequence;
		};
		expect(await numberOf('a')).toBe(1);
		expect(await numberOf('a')).toBe(1);
		expect(await numberOf('ended')).toBe(2);
		expect(await numberOf('a')).toBe(2);
		vi.setSystemTime(Date.now() + 60_001);
		expect(await numberOf('a')).toBe(3);
		vi.useRealTimers();
	});

	it('gathers changes for a second while nobody watches, and not while somebody does', () => {
		vi.useFakeTimers();
		mark('a', 1);
		reporter.reportSoon();
		mark('b', 2);
		reporter.reportSoon();
		vi.advanceTimersByTime(999);
		expect(sent).toHaveLength(0);
		vi.advanceTimersByTime(1);
		expect(sent.map(keys)).toEqual([['a', 'b']]);
		expect(flushes).toBe(1);
		vi.useRealTimers();
	});

	it('reports at once while somebody watches', () => {
		openTails.setFleetWatched(true);
		mark('a', 1);
		reporter.reportSoon();
		expect(sent.map(keys)).toEqual([['a']]);
	});

	it('keeps the key of a run that goes on stored, and does not send it again', async () => {
		openTails.add({ workflow: 'REFUND', id: 'a' });
		mark('a', 1);
		const done = reporter.sendChanges();
		sent[0]?.acknowledge();
		await done;
		expect(outbox.isEmpty()).toBe(true);
		const afterCrash = () => {
			const next = new Outbox(storage.sql);
			next.migrate();
			return next.entries().map(({ key }) => key);
		};
		expect(afterCrash()).toEqual(['REFUND/a']);
		outbox.settleRun('REFUND/a');
		expect(afterCrash()).toEqual([]);
	});

	it('does not forget a change that was not sent when its run rests', () => {
		mark('a', 1);
		outbox.settleRun('REFUND/a');
		expect(outbox.entries()).toHaveLength(1);
	});
});
