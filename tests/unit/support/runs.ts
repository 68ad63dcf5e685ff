import {
	isEnded,
	RUN_STATUSES,
	type JsonObject,
	type Run,
	type RunOutcome,
	type RunRecord,
	type RunStatus
} from '../../../src/lib/protocol';

/** The time that tests take for now: 2026-03-10T12:00Z. */
export const NOW = Date.parse('2026-03-10T12:00:00Z');

/** A run, in what matters to a test; the rest is plain. */
export function aRun(given: Partial<Run> = {}): Run {
	return {
		workflow: 'REFUND',
		id: 'run-1',
		generation: 1,
		agent: { class: 'StoreAgent', name: 'berlin', path: 'store-agent/berlin' },
		parent: null,
		status: 'running',
		outcome: null,
		metadata: {},
		params: null,
		progress: null,
		step: null,
		startedBy: null,
		error: null,
		output: null,
		createdAt: NOW - 60_000,
		startedAt: NOW - 59_000,
		updatedAt: NOW - 30_000,
		finishedAt: null,
		retries: 0,
		waitingFor: null,
		...given
	};
}

export function aRecord(given: Partial<Run> = {}, version = 1): RunRecord {
	return { run: aRun(given), version, exact: true };
}

const OUTCOMES: Partial<Record<RunStatus, RunOutcome>> = {
	complete: 'completed',
	errored: 'failed',
	terminated: 'terminated'
};

/** Repeatable numbers from 0 to 1. */
export function seeded(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** A believable fleet's run number `index`, the newest with the highest number. */
export function fleetRun(index: number, total: number, random: () => number): Run {
	const pick = <T>(list: readonly T[]): T => {
		const found = list[Math.floor(random() * list.length)];
		if (found === undefined) throw new Error('nothing to pick from');
		return found;
	};
	const workflow = pick(['REFUND', 'CATALOG_IMPORT', 'LINK_AUDIT', 'STOCK_COUNT', 'FOLLOW_UP']);
	const chance = random();
	const status: RunStatus =
		chance < 0.72 ? 'complete' : chance < 0.87 ? 'errored' : pick(RUN_STATUSES);
	const createdAt = NOW - Math.floor((total - index) * 6000 + random() * 3000);
	const finishedAt = isEnded(status) ? createdAt + 500 + Math.floor(random() * 600_000) : null;
	const store = pick(['berlin', 'austin', 'osaka', 'lagos', 'quito', 'turin', 'perth', 'lyon']);
	const customer = pick(['Ann Lee', 'Bo Chen', 'Cy Diaz', 'Di Okoro', 'Ed Novak', 'Fay Roy']);
	const metadata: JsonObject = {
		region: pick(['eu', 'us', 'apac', 'latam', 'africa']),
		plan: pick(['free', 'pro', 'enterprise']),
		amount: Math.floor(random() * 5000) / 10,
		customer: { name: `${customer} ${Math.floor(random() * 500)}`, vip: random() < 0.1 },
		order: `ord-${index}`,
		tag: pick(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p']),
		attempt: Math.floor(random() * 3),
		source: pick(['web', 'api', 'batch'])
	};
	return aRun({
		workflow,
		id: `${workflow.toLowerCase()}-${index.toString(36)}`,
		agent: { class: 'StoreAgent', name: store, path: `store-agent/${store}` },
		status,
		outcome: OUTCOMES[status] ?? null,
		metadata,
		params: { order: metadata['order'] ?? null, note: 'as requested by the customer' },
		step: status === 'complete' ? null : pick(['validate', 'charge', 'load rows', 'notify']),
		startedBy: pick(['ana', 'ben', 'cleo']),
		error:
			status === 'errored'
				? {
						name: pick(['Error', 'TypeError', 'TimeoutError']),
						message: pick(['card declined', 'upstream closed', 'row 17 has no price'])
					}
				: null,
		createdAt,
		startedAt: createdAt + 20,
		updatedAt: finishedAt ?? createdAt + Math.floor(random() * 60_000),
		finishedAt,
		retries: random() < 0.1 ? Math.ceil(random() * 5) : 0,
		waitingFor:
			status === 'waiting'
				? {
						kind: 'event',
						name: 'manager-approval',
						eventType: 'approval',
						since: createdAt,
						dueAt: null
					}
				: null
	});
}
