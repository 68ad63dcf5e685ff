// The runs of a preview as a file, before they are deleted: one JSON document a line.
import { ProblemError, type Run, type RunEvent } from '../../../protocol';
import type { AgentRpc } from '../../rpc/agent-client';
import { fileStream } from '../file-stream';
import type { Fleet } from '../fleet';
import { findRuns, keptNow } from './purge-select';
import type { PurgeStore, StoredPurge } from './purge-store';
import type { Sql } from '../../db/sql';

/** How many events of a history are read at once. */
const EVENTS = 10_000;

export type PurgeExportParts = { sql: Sql; fleet: Fleet; store: PurgeStore; agents: AgentRpc };

/** A line of the file; `generations` are the histories, the oldest first. */
type ExportedRun = Run | { run: Run; generations: RunEvent[][]; error?: string };

/** @param history with the whole params, output and histories, which the Agents have */
export function purgeStream(
	purge: StoredPurge,
	{ sql, fleet, store, agents }: PurgeExportParts,
	history: boolean
): ReadableStream<Uint8Array> {
	return fileStream<ExportedRun>({
		...{ format: 'ndjson', columns: [], csvRow: () => '' },
		page: async (cursor) => {
			const part = store.partAfter(purge, Number(cursor ?? 0));
			if (!part) return { rows: [], nextCursor: null };
			const runs = findRuns(sql, part.items)
				.filter((found) => keptNow(found) === null)
				.flatMap(({ key }) => fleet.runs.get(key)?.run ?? []);
			const rows: ExportedRun[] = [];
			for (const run of runs) rows.push(history ? await wholeRun(agents, run) : run);
			return { rows, nextCursor: String(part.part) };
		}
	});
}

/** What the Agent has of a run; what the index has, and why there is no more, while it is away. */
async function wholeRun(agents: AgentRpc, indexed: Run): Promise<ExportedRun> {
	const { workflow, id } = indexed;
	const [ref, path] = [{ workflow, id }, indexed.agent.path];
	try {
		const { run } = await agents.callAgent<'run'>(path, { type: 'run', ref });
		const generations: RunEvent[][] = [];
		for (let generation = 1; generation <= run.generation; generation += 1) {
			const events: RunEvent[] = [];
			for (let isRead = false; !isRead;) {
				const after = events.at(-1)?.eventId ?? 0;
				const asked = { type: 'events', ref, after, generation, limit: EVENTS } as const;
				const page = await agents.callAgent<'events'>(path, asked);
				events.push(...page.events);
				isRead = page.events.length < EVENTS;
			}
			generations.push(events);
		}
		return { run, generations };
	} catch (error) {
		if (!(error instanceof ProblemError)) throw error;
		return { run: indexed, generations: [], error: error.problem.detail };
	}
}
