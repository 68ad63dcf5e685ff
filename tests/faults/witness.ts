// Gathers what is known of each run, from the engine and from Signalbox, and compares.
import { z } from 'zod';
import {
	approvalSchema,
	jsonSchema,
	runEventSchema,
	runKey,
	runSchema,
	toRunRow,
	type Approval,
	type Run,
	type RunEvent,
	type RunRef,
	type RunStatus
} from '../../src/lib/protocol';
import { runPath, storeOf, type Api } from './api';
import type { Chronicle } from './chronicle';
import { countDifferences, differencesOf, listDifferences, type Evidence } from './compare';
import { Viewer } from './viewer';

/** A run that is not what its history says. */
export type Wrong = { key: string; differences: string[]; faults: string[] };

const engineSchema = z
	.object({ status: z.string(), output: jsonSchema, events: z.array(runEventSchema) })
	.nullable();
const witnessSchema = z.object({
	progress: z.array(z.object({ at: z.number(), progress: jsonSchema })),
	tracked: z.string().nullable(),
	ledger: z.number()
});

const LANES = 4;
/** How long the index and the viewers may take to say the same as the Agents, Ms. */
const CONVERGE_MS = 120_000;
const AGAIN_MS = 1_000;

export class Witness {
	readonly #api: Api;
	readonly #chronicle: Chronicle;
	readonly #planned: ReadonlyMap<string, { agent: string }>;

	/** @param planned The runs that the suite started itself, by their keys. */
	constructor(api: Api, chronicle: Chronicle, planned: ReadonlyMap<string, { agent: string }>) {
		this.#api = api;
		this.#chronicle = chronicle;
		this.#planned = planned;
	}

	/** Every run that Signalbox lists. */
	async listed(): Promise<Run[]> {
		return (await this.#api.all('/runs', 'runs')).map((run) => runSchema.parse(run));
	}

	async approvals(): Promise<Approval[]> {
		return (await this.#api.all('/approvals', 'approvals')).map((one) => approvalSchema.parse(one));
	}

	/** What the engine has of a run; null for nothing. */
	async engine(ref: RunRef): Promise<Evidence['engine']> {
		return engineSchema.parse(await this.#api.door({ ask: 'engine', ref }));
	}

	/** Compares runs, and again those that differ until they do not or the time is up. */
	async compare(refs: RunRef[]): Promise<Wrong[]> {
		const giveUpAt = Date.now() + CONVERGE_MS;
		let left = refs;
		for (;;) {
			const wrong = await this.#compareOnce(left);
			if (wrong.length === 0 || Date.now() > giveUpAt) return wrong;
			const keys = new Set(wrong.map(({ key }) => key));
			left = left.filter((ref) => keys.has(runKey(ref)));
			await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
		}
	}

	/** What a viewer holds, the counts and the queues, against the same asked for afresh. */
	async compareViews(viewers: readonly Viewer[], origin: string): Promise<string[]> {
		const giveUpAt = Date.now() + CONVERGE_MS;
		for (;;) {
			const found = [...(await this.#viewDifferences(viewers, origin)), ...(await this.#counts())];
			if (found.length === 0 || Date.now() > giveUpAt) return found;
			await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
		}
	}

	async #compareOnce(refs: RunRef[]): Promise<Wrong[]> {
		const rows = new Map((await this.listed()).map((row) => [runKey(row), row]));
		const approvals = await this.approvals();
		const wrong: Wrong[] = [];
		const queue = refs.values();
		const lane = async () => {
			for (const ref of queue) {
				const row = rows.get(runKey(ref)) ?? null;
				const own = approvals.filter(
					({ workflow, runId }) => workflow === ref.workflow && runId === ref.id
				);
				const evidence = await this.#evidence(ref, row, own);
				const differences = differencesOf(evidence);
				if (differences.length === 0) continue;
				const { createdAt = 0, finishedAt = null } = evidence.run ?? {};
				const faults = this.#chronicle.of(ref, createdAt - 1_000, finishedAt ?? Date.now());
				wrong.push({ key: runKey(ref), differences, faults });
			}
		};
		await Promise.all(Array.from({ length: LANES }, lane));
		return wrong;
	}

	async #evidence(ref: RunRef, row: Run | null, approvals: Approval[]): Promise<Evidence> {
		const { status, body } = await this.#api.get(runPath(ref));
		const run = status === 200 ? runSchema.parse(body) : null;
		const former = Array.from({ length: (run?.generation ?? 1) - 1 }, (_, index) => index + 1);
		const asked = {
			...storeOf(run?.agent.path ?? ''),
			ref: { workflow: ref.workflow, id: ref.id }
		};
		const witness = witnessSchema.parse(await this.#api.door({ ask: 'witness', ...asked }));
		return {
			ref,
			engine: await this.engine(asked.ref),
			run,
			events: run ? await this.#events(ref) : [],
			row,
			approvals,
			formerEvents: await Promise.all(
				former.map(async (generation) => (await this.#events(ref, generation)).length)
			),
			replies: this.#chronicle.replies,
			agentDeleted: this.#chronicle.deletedAgents.has(
				run?.agent.path ?? this.#planned.get(runKey(ref))?.agent ?? ''
			),
			restarts: this.#planned.has(runKey(ref)) ? this.#chronicle.restartsOf(ref) : null,
			...witness
		};
	}

	async #events(ref: RunRef, generation?: number): Promise<RunEvent[]> {
		const which = generation === undefined ? '' : `?generation=${generation}`;
		const { body } = await this.#api.get(`${runPath(ref)}/events${which}`);
		return z.object({ events: z.array(runEventSchema) }).parse(body).events;
	}

	async #counts(): Promise<string[]> {
		const runs = await this.listed();
		const counts: Partial<Record<RunStatus, number>> = {};
		for (const status of new Set(runs.map((run) => run.status))) {
			const { body } = await this.#api.get(`/runs?q=status:${status}&limit=1`);
			counts[status] = z.object({ total: z.number() }).parse(body).total;
		}
		const pending = (await this.approvals()).filter(({ status }) => status === 'pending');
		return [
			...countDifferences(counts, runs),
			...pending.map(({ id }) => `${id} still waits for a decision`)
		];
	}

	async #viewDifferences(viewers: readonly Viewer[], origin: string): Promise<string[]> {
		const found: string[] = [];
		for (const viewer of viewers) {
			const fresh = new Viewer(origin, viewer.views);
			fresh.connect();
			await until(() => fresh.ready && viewer.ready);
			for (const watch of Object.keys(viewer.views)) {
				const [kept, asked] = [viewer.seen(watch), fresh.seen(watch)];
				if (kept?.runs && asked?.runs) {
					const { total } = asked.runs;
					found.push(...listDifferences(kept.runs.rows, asked.runs.rows));
					if (kept.runs.total !== total)
						found.push(`a list's total is ${kept.runs.total}, not ${total}`);
				}
				if (kept?.run && asked?.run) {
					found.push(...listDifferences([toRunRow(kept.run.run)], [toRunRow(asked.run.run)]));
					const ids = (seen: typeof kept) => seen.run?.events.map(({ eventId }) => eventId).join();
					if (ids(kept) !== ids(asked)) {
						found.push(
							`a page of ${runKey(asked.run.run)} has events ${ids(kept)}, not ${ids(asked)}`
						);
					}
				}
				const waiting = (seen: typeof kept) =>
					seen?.approvals?.approvals.map(({ id }) => id).join();
				if (waiting(kept) !== waiting(asked)) {
					found.push(`the queue is ${waiting(kept)}, afresh it is ${waiting(asked)}`);
				}
			}
			found.push(...viewer.complaints.map((complaint) => `a viewer was told: ${complaint}`));
			fresh.close();
		}
		return found;
	}
}

async function until(test: () => boolean): Promise<void> {
	const giveUpAt = Date.now() + CONVERGE_MS;
	while (!test()) {
		if (Date.now() > giveUpAt) throw new Error('A viewer was not answered.');
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}
