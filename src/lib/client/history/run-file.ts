// A run as a file: put together from what is asked for, and looked at again without a server.
import {
	problem,
	RUN_FILE_FORMAT,
	RUN_FILE_VERSION,
	runKey,
	type Answer,
	type RequestInput,
	type RunFile,
	type RunRow
} from '$lib/protocol';
import { allEvents } from './previous-history.svelte';
import { Requests } from '../requests';
import type { RunModel } from '../live/run-model';

/**
 * Gathers all of a run: its values and the events of every generation whole, not as they were cut
 * for the page.
 *
 * @param savedAt by the server's clock, Ms
 */
export async function gatherRunFile(
	requests: Requests,
	model: RunModel,
	savedAt: number
): Promise<Answer<RunFile>> {
	const { workflow, id } = model.run;
	const run = await requests.ask({ type: 'run.get', workflow, id });
	if (!run.ok) return run;
	const generations: RunFile['generations'] = [];
	for (let generation = 1; generation <= run.value.generation; generation += 1) {
		const events = await allEvents(requests, { workflow, id, generation });
		if (!events.ok) return events;
		generations.push({ generation, events: events.value });
	}
	return {
		ok: true,
		value: {
			format: RUN_FILE_FORMAT,
			version: RUN_FILE_VERSION,
			savedAt,
			run: run.value,
			exact: model.exact,
			generations,
			approvals: [...model.approvals],
			children: [...model.children]
		}
	};
}

/** Requests that a file answers instead of a server: about its run, and about nothing else. */
export function requestsOfFile(file: () => RunFile): Requests {
	return new Requests({ call: (request) => Promise.resolve(answerFrom(file(), request)) });
}

function answerFrom(file: RunFile, request: RequestInput): Answer<unknown> {
	if (request.type === 'run.get' && isOf(file, request)) return { ok: true, value: file.run };
	if (request.type === 'run.events' && isOf(file, request)) {
		const { after, limit, generation } = request;
		const later = eventsOf(file, Number(generation ?? file.run.generation)).filter(
			({ eventId }) => eventId > Number(after ?? 0)
		);
		const events = limit === undefined ? later : later.slice(0, Number(limit));
		return { ok: true, value: { events, done: events.length === later.length } };
	}
	return { ok: false, problem: problem('unavailable', 'The file does not say it.') };
}

function isOf({ run }: RunFile, { workflow, id }: { workflow: string; id: string }): boolean {
	return workflow === run.workflow && id === run.id;
}

function eventsOf(file: RunFile, wanted: number): RunFile['generations'][number]['events'] {
	return file.generations.find(({ generation }) => generation === wanted)?.events ?? [];
}

/** A file's run as a page shows it. It counts as gone: nothing can be done about it here. */
export function modelOfFile(file: RunFile): RunModel {
	const { run, exact, approvals } = file;
	return {
		run,
		exact,
		events: eventsOf(file, run.generation),
		children: rooted(file),
		ancestors: [],
		approvals,
		held: null,
		trail: [],
		gone: true
	};
}

/** Only the runs below it, each once: a tree of them has an end, whoever wrote the file. */
function rooted({ run, children }: RunFile): RunRow[] {
	const known = new Set([runKey(run)]);
	return children.filter((child) => {
		const key = runKey(child);
		if (known.has(key) || !child.parent || !known.has(runKey(child.parent))) return false;
		known.add(key);
		return true;
	});
}
