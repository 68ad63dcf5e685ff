// Subscriptions against their reference: whatever was reported, removed, or left to time, a viewer
// ends with what a new subscription to the same query shows. By the clock of the test.
import type { Connection } from 'agents';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Fleet } from '../../../../../src/lib/agent/operations/fleet';
import { LostRuns } from '../../../../../src/lib/agent/operations/lost-runs';
import { Redaction } from '../../../../../src/lib/agent/operations/redaction';
import { ReportIntake } from '../../../../../src/lib/agent/operations/report-intake';
import { ChangePublisher } from '../../../../../src/lib/agent/operations/change-publisher';
import type { RunReaders } from '../../../../../src/lib/agent/operations/runs/run-readers';
import { PageCache } from '../../../../../src/lib/agent/operations/subscriptions/page-cache';
import {
	FLOW_LIMITS,
	TOO_SLOW_CODE
} from '../../../../../src/lib/agent/operations/subscriptions/flow-control';
import {
	MAX_SUBSCRIPTIONS,
	SubscriptionHub
} from '../../../../../src/lib/agent/operations/subscriptions/subscription-hub';
import { SubscriptionRegistry } from '../../../../../src/lib/agent/operations/subscriptions/subscription-registry';
import { SubscriptionStore } from '../../../../../src/lib/agent/operations/subscriptions/subscription-store';
import { ViewCounter } from '../../../../../src/lib/agent/operations/subscriptions/view-counter';
import { applyToRuns, type RunsModel } from '../../../../../src/lib/client/live/runs-model';
import {
	runKey,
	serverFrameSchema,
	viewSchema,
	type Approval,
	type Identity,
	type Problem,
	type Run,
	type ViewInput
} from '../../../../../src/lib/protocol';
import { anApproval } from '../../../support/approvals';
import { anyRun } from '../../../support/queries';
import { aRun, NOW } from '../../../support/runs';
import { memoryStorage } from '../../../support/storage';

const agent = { class: 'StoreAgent', name: 'berlin', path: 'store-agent/berlin' };
const ana: Identity = { subject: 'local:ana', name: 'ana', email: null, roles: ['admin'] };

const QUERIES = [
	'',
	'status:running',
	'created:<6m',
	'created:<6m -region:us',
	'-updated:<5m status:running,waiting,complete',
	'finished:>4m',
	'finished:3m..7m workflow:REFUND',
	'duration:>5m',
	'duration:<6m is:active',
	'is:overdue',
	'created:<5m,>7m is:ended'
];

/** Somebody who looks at runs, and takes frames as a page does. */
class Viewer {
	model: RunsModel | undefined;
	frames = 0;
	/** The code that it was closed with. */
	closed: number | null = null;
	/** The acknowledgements that it was asked for. */
	readonly asked: string[] = [];
	readonly refusals: Problem[] = [];
	readonly connection: Connection;
	readonly view: ReturnType<typeof viewSchema.parse>;

	constructor(id: string, view: ViewInput) {
		this.view = viewSchema.parse(view);
		const send = (text: string) => {
			const frame = serverFrameSchema.parse(JSON.parse(text));
			if (frame.type !== 'change') throw new Error(text);
			this.frames += 1;
			if (frame.ack !== undefined) this.asked.push(frame.ack);
			if (frame.change.kind === 'refused') this.refusals.push(frame.change.problem);
			this.model = applyToRuns(this.model, frame.change);
		};
		const close = (code: number) => (this.closed = code);
		this.connection = { id, send, close } as unknown as Connection; // what the hub needs of it
	}

	/** What is on screen. */
	read(): unknown {
		const { rows, total, byStatus, window } = this.model ?? {};
		return { rows, total, byStatus, window };
	}
}

class Station {
	readonly fleet: Fleet;
	readonly hub: SubscriptionHub;
	readonly #publisher: ChangePublisher;
	readonly #intake: ReportIntake;
	readonly #viewers: Viewer[] = [];
	readonly #storage: DurableObjectStorage;
	#sequence = 0;

	constructor(flowLimits = FLOW_LIMITS) {
		const storage = memoryStorage();
		this.#storage = storage;
		this.fleet = new Fleet(storage, new Redaction());
		this.fleet.migrate();
		this.#publisher = new ChangePublisher();
		const { fleet } = this;
		const publisher = this.#publisher;
		const lostRuns = new LostRuns({ storage, fleet, publisher });
		this.#intake = new ReportIntake({ storage, fleet, publisher, lostRuns });
		const connections = {
			getConnections: () => this.#viewers.map(({ connection }) => connection),
			identityOf: () => ana
		};
		const registry = new SubscriptionRegistry(connections);
		const store = new SubscriptionStore(storage.sql, registry);
		store.migrate();
		const counter = new ViewCounter({ fleet: this.fleet, registry, publisher: this.#publisher });
		// There are no histories here: nothing else is called.
		const readers = {
			readShownRun: () => Promise.reject(new Error('no histories here')),
			handleChanges() {}
		} as unknown as RunReaders;
		this.hub = new SubscriptionHub({
			...{ ctx: { waitUntil() {} }, fleet: this.fleet, pages: new PageCache() },
			...{ connections, registry, store, counter, readers },
			summary: { scheduleSummary() {} },
			flowLimits
		});
		this.#publisher.setListeners(this.hub, counter);
	}

	look(view: ViewInput): Viewer {
		const viewer = new Viewer(`viewer-${this.#viewers.length}`, view);
		this.#viewers.push(viewer);
		this.hub.subscribe(viewer.connection, 'list', viewer.view);
		return viewer;
	}

	report(...runs: Run[]): void {
		const previous = this.#sequence;
		this.#sequence += 1;
		const version = this.#sequence;
		const records = runs.map((run) => ({ run, version, exact: true }));
		const report = { agent, sequence: version, previous, approvals: [], notes: [] };
		this.#intake.recordReport({ ...report, runs: records }, Date.now());
	}

	request(approval: Approval): void {
		const previous = this.#sequence;
		this.#sequence += 1;
		const version = this.#sequence;
		const approvals = [{ approval, version }];
		this.#intake.recordReport(
			{ agent, sequence: version, previous, runs: [], approvals, notes: [] },
			Date.now()
		);
	}

	/** How many rows the subscription store has. */
	stored(): number {
		return Number(
			this.#storage.sql.exec('SELECT count(*) AS n FROM sb_watches').toArray()[0]?.['n']
		);
	}

	remove(run: Run): void {
		this.#publisher.publishChanges(this.fleet.remove([run], { by: 'ana', at: Date.now() }));
	}
}

beforeEach(() => {
	vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
	vi.useRealTimers();
});

const windowed = (q: string, limit = 100): ViewInput => ({
	...{ kind: 'runs', query: { q, limit } },
	window: { offset: 0 }
});

describe('a live list of runs', () => {
	it('ends as a fresh look, after any reports, removals and time', async () => {
		const step = fc.oneof(
			{ arbitrary: fc.record({ report: fc.array(anyRun, { maxLength: 3 }) }), weight: 3 },
			{ arbitrary: fc.record({ remove: anyRun }), weight: 1 },
			{ arbitrary: fc.record({ wait: fc.integer({ min: 1, max: 200_000 }) }), weight: 3 }
		);
		await fc.assert(
			fc.asyncProperty(
				fc.array(step, { maxLength: 15 }),
				fc.constantFrom(...QUERIES),
				fc.integer({ min: 1, max: 6 }),
				async (steps, q, limit) => {
					vi.setSystemTime(NOW);
					const station = new Station();
					const viewers = [
						station.look(windowed(q, limit)),
						station.look({ kind: 'runs', query: { q, limit } })
					];
					for (const change of steps) {
						if ('report' in change) station.report(...change.report);
						else if ('remove' in change) station.remove(change.remove);
						else await vi.advanceTimersByTimeAsync(change.wait);
					}
					// Time changes are told within a second, counts a moment later.
					const told = 2_000;
					do await vi.advanceTimersByTimeAsync(told);
					while ((station.fleet.nextChangeAt(q, Date.now() - told) ?? Infinity) <= Date.now());
					for (const viewer of viewers) {
						const shown = viewer.read();
						station.hub.endConnection(viewer.connection);
						const { view } = viewer;
						if (view.kind !== 'runs') throw new Error('not runs');
						const fresh = station.look({ ...view, query: { q, limit } });
						await vi.advanceTimersByTimeAsync(1);
						expect(shown).toEqual(fresh.read());
						station.hub.endConnection(fresh.connection);
						await vi.advanceTimersByTimeAsync(1);
					}
					expect(vi.getTimerCount()).toBe(0);
				}
			),
			{ numRuns: 150 }
		);
	}, 600_000);

	it('lets a run go that has become too old, a second later at most, with its counts', async () => {
		const station = new Station();
		station.report(
			aRun({ id: 'old', createdAt: NOW - 50_000 }),
			aRun({ id: 'new', createdAt: NOW - 10_000 })
		);
		const viewer = station.look(windowed('created:<1m region:*'));
		const plain = station.look(windowed('created:<1m'));
		await vi.advanceTimersByTimeAsync(9_000);
		expect(plain.model?.rows.map(({ id }) => id)).toEqual(['new', 'old']);
		expect(viewer.model?.total).toBe(0);
		await vi.advanceTimersByTimeAsync(1_100);
		expect(plain.model?.rows.map(({ id }) => id)).toEqual(['new']);
		expect(plain.model?.total).toBe(1);
		await vi.advanceTimersByTimeAsync(200);
		expect(plain.model?.byStatus).toEqual({ running: 1 });
	});

	it('lets a run in that has gone on for too long', async () => {
		const station = new Station();
		station.report(aRun({ id: 'slow', startedAt: NOW }), aRun({ id: 'later', startedAt: NOW + 9 }));
		const viewer = station.look(windowed('duration:>5m'));
		await vi.advanceTimersByTimeAsync(299_000);
		expect(viewer.model?.rows).toEqual([]);
		await vi.advanceTimersByTimeAsync(2_100);
		expect(viewer.model?.rows.map(({ id }) => id).toSorted()).toEqual(['later', 'slow']);
	});

	it('sets no timer for a query without relative times, nor when nobody looks any more', async () => {
		const station = new Station();
		station.report(aRun());
		await vi.advanceTimersByTimeAsync(1_000);
		const viewer = station.look(windowed('status:running'));
		await vi.advanceTimersByTimeAsync(1_000);
		expect(vi.getTimerCount()).toBe(0);
		const relative = station.look(windowed('created:<1h'));
		await vi.advanceTimersByTimeAsync(1_000);
		expect(vi.getTimerCount()).toBe(1);
		station.hub.unsubscribe(relative.connection, 'list');
		await vi.advanceTimersByTimeAsync(0);
		expect(vi.getTimerCount()).toBe(0);
		expect(viewer.frames).toBe(1);
	});

	it('asks no more than once a second, however many runs cross a bound', async () => {
		const station = new Station();
		station.report(
			...Array.from({ length: 300 }, (_, at) => aRun({ id: `r${at}`, createdAt: NOW - at * 10 }))
		);
		const viewer = station.look(windowed('created:<10s'));
		await vi.advanceTimersByTimeAsync(5_000);
		const before = viewer.frames;
		await vi.advanceTimersByTimeAsync(7_000);
		expect(viewer.model?.rows).toEqual([]);
		// Rows, and the counts that follow them.
		expect(viewer.frames - before).toBeLessThanOrEqual(2 * 7);
	});
});

describe('a subscription that is refused', () => {
	const BAD: ViewInput[] = [
		windowed('status:lost'),
		{ kind: 'runs', query: { q: '', cursor: 'not-a-cursor' } },
		{ kind: 'approvals', query: { q: 'status:lost' } },
		{ kind: 'approvals', query: { cursor: 'not-a-cursor' } }
	];

	it.each(BAD)('is answered once, whatever changes later: $query', async (view) => {
		const station = new Station();
		const viewer = station.look(view);
		for (const id of ['a', 'b', 'c']) {
			station.report(aRun({ id }));
			await vi.advanceTimersByTimeAsync(1_000);
		}
		expect(viewer.refusals).toMatchObject([{ status: 400 }]);
		expect(viewer.frames).toBe(1);
	});

	it('is not kept, neither in memory nor for the next life of the Agent', async () => {
		const station = new Station();
		station.look(windowed('status:lost'));
		await vi.advanceTimersByTimeAsync(1_000);
		expect(station.stored()).toBe(0);
		expect(vi.getTimerCount()).toBe(0);
	});

	it('makes room for others', async () => {
		const station = new Station();
		const viewer = station.look(windowed(''));
		for (let n = 0; n < 2 * MAX_SUBSCRIPTIONS; n += 1) {
			station.hub.subscribe(
				viewer.connection,
				`bad-${n}`,
				viewSchema.parse(windowed('status:lost'))
			);
		}
		await vi.advanceTimersByTimeAsync(0);
		expect(viewer.refusals).toHaveLength(2 * MAX_SUBSCRIPTIONS);
	});

	it('is told once of an approval that is not there, and shows it when it is', async () => {
		const station = new Station();
		const viewer = station.look({ kind: 'approval', id: 'ap_notyet' });
		station.report(aRun({ id: 'r-1' }));
		await vi.advanceTimersByTimeAsync(1_000);
		station.report(aRun({ id: 'other' }));
		await vi.advanceTimersByTimeAsync(1_000);
		expect(viewer.refusals).toMatchObject([{ status: 404 }]);
		const before = viewer.frames;
		station.request(anApproval({ id: 'ap_notyet' }));
		await vi.advanceTimersByTimeAsync(1_000);
		expect(viewer.frames).toBe(before + 1);
		expect(viewer.refusals).toHaveLength(1);
		station.remove(aRun({ id: 'r-1' }));
		await vi.advanceTimersByTimeAsync(1_000);
		expect(viewer.refusals).toHaveLength(2);
	});
});

describe('how often people are told', () => {
	it('tells a single change at once', async () => {
		const station = new Station();
		const viewer = station.look(windowed(''));
		await vi.advanceTimersByTimeAsync(1_000);
		for (let change = 0; change < 20; change += 1) {
			const before = viewer.frames;
			station.report(aRun({ id: `r${change}` }));
			await vi.advanceTimersByTimeAsync(0);
			expect(viewer.frames).toBe(before + 1);
			await vi.advanceTimersByTimeAsync(100);
		}
	});

	it('tells ten who look a few times a second while changes come without an end', async () => {
		const station = new Station();
		const viewers = Array.from({ length: 10 }, () => station.look(windowed('')));
		const changeFor = async (seconds: number) => {
			for (let at = 0; at < seconds * 50; at += 1) {
				station.report(aRun({ id: `r${at % 7}`, step: `step ${at}` }));
				await vi.advanceTimersByTimeAsync(20);
			}
		};
		await changeFor(2);
		const before = viewers.map(({ frames }) => frames);
		await changeFor(3);
		for (const [at, viewer] of viewers.entries()) {
			const perSecond = (viewer.frames - (before[at] ?? 0)) / 3;
			expect(perSecond).toBeGreaterThan(4);
			expect(perSecond).toBeLessThan(12);
		}
		await vi.advanceTimersByTimeAsync(1_000);
		for (const { model } of viewers)
			expect(model?.rows.map(runKey)).toEqual(viewers[0]?.model?.rows.map(runKey));
		expect(viewers[0]?.model?.rows.some(({ step }) => step === 'step 149')).toBe(true);
	});
});

describe('a client that reads slowly', () => {
	const limits = { askEvery: 500, hold: 3_000, unacknowledged: 20_000, patienceMs: 30_000 };
	const ids = (count: number) => Array.from({ length: count }, (_, index) => `r${index}`);

	async function reportEach(station: Station, runs: readonly string[]): Promise<void> {
		for (const id of runs) {
			station.report(aRun({ id }));
			await vi.advanceTimersByTimeAsync(1_000);
		}
	}

	function acknowledge(station: Station, { connection, asked }: Viewer): void {
		for (const ack of asked.splice(0)) station.hub.acknowledge(connection, ack);
	}

	it('is held back, and sent the newest state once it has caught up', async () => {
		const station = new Station(limits);
		const slow = station.look(windowed(''));
		const quick = station.look(windowed(''));
		acknowledge(station, slow);
		for (const id of ids(20)) {
			await reportEach(station, [id]);
			acknowledge(station, quick);
		}
		expect(quick.model?.rows).toHaveLength(20);
		const heldAt = slow.model?.rows.length ?? 0;
		expect(heldAt).toBeGreaterThan(0);
		expect(heldAt).toBeLessThan(20);
		const { frames } = slow;
		acknowledge(station, slow);
		await vi.advanceTimersByTimeAsync(1_000);
		expect(slow.read()).toEqual(quick.read());
		expect(slow.frames).toBeLessThan(frames + 4);
		acknowledge(station, slow);
		await vi.advanceTimersByTimeAsync(60_000);
		expect([slow.closed, quick.closed]).toEqual([null, null]);
	});

	it('is closed when it acknowledges nothing for too long', async () => {
		const station = new Station(limits);
		const slow = station.look(windowed('created:<1h'));
		acknowledge(station, slow);
		await reportEach(station, ids(20));
		const { frames } = slow;
		await vi.advanceTimersByTimeAsync(31_000);
		expect(slow.closed).toBe(TOO_SLOW_CODE);
		station.report(aRun({ id: 'later' }));
		await vi.advanceTimersByTimeAsync(10_000);
		expect(slow.frames).toBe(frames);
		expect([station.stored(), vi.getTimerCount()]).toEqual([0, 0]);
	});

	it('that never acknowledges is read to the end of a larger bound, and closed then', async () => {
		const station = new Station(limits);
		const old = station.look(windowed(''));
		await reportEach(station, ids(20));
		expect(old.model?.rows).toHaveLength(20);
		for (const round of ids(200)) {
			if (old.closed === null) await reportEach(station, [round]);
		}
		expect(old.closed).toBe(TOO_SLOW_CODE);
		await vi.advanceTimersByTimeAsync(1_000);
		expect([station.stored(), vi.getTimerCount()]).toEqual([0, 0]);
	});

	it('cannot acknowledge what it has not read', async () => {
		const station = new Station(limits);
		const slow = station.look(windowed(''));
		acknowledge(station, slow);
		for (const id of ids(20)) {
			await reportEach(station, [id]);
			station.hub.acknowledge(slow.connection, 'guess');
		}
		expect(slow.model?.rows.length).toBeLessThan(20);
	});
});
