import { withRowError, type runOperations, type WorkflowCatalogue } from '../../../protocol';
import type { Fleet } from '../fleet';
import type { Purges } from '../purge/purges';
import type { IndexedPage } from '../run-index/run-index';
import type { RunRequests } from '../runs/run-requests';
import type { Handlers } from './handlers';

/** A page as it is answered. */
function withoutKeys({ keys: _keys, ...page }: IndexedPage) {
	return page;
}

export function runHandlers(
	fleet: Fleet,
	runs: RunRequests,
	catalogue: WorkflowCatalogue,
	purges: Purges
): Handlers<keyof typeof runOperations> {
	return {
		'workflows.list': (_input, { seen }) => {
			const { reach } = seen;
			// Whoever has a role at an Agent can start any workflow there.
			const isWhole = reach === 'everywhere' || reach.agents.length > 0;
			const all = catalogue.list();
			return isWhole ? all : all.filter(({ workflow }) => reach.workflows.includes(workflow));
		},
		'runs.list': ({ query, window }, { seen }) => {
			const page = withoutKeys(seen.page(query, Date.now(), window));
			return { ...page, runs: page.runs.map(withRowError) };
		},
		'runs.suggest': (input, { seen }) => seen.suggest(input),
		'runs.export': ({ query }) => {
			fleet.terms(query.q); // refuses an invalid query; the file comes as a stream
			return null;
		},
		'run.get': (run) => runs.get(run),
		'run.events': (input) => runs.events(input),
		'run.around': (run, { seen }) => runs.around(run, seen),
		'run.audit': (run, { seen }) => runs.audit(run, seen),
		'run.start': (input, { by }) => runs.start(input, by),
		'run.adopt': (input, { by }) => runs.adopt(input, by),
		'run.pause': (run) => runs.control('pause', run),
		'run.resume': (run) => runs.control('resume', run),
		'run.terminate': (input, { by }) => runs.terminate(input, by),
		'run.restart': (input, { by }) => runs.restart(input, by),
		'run.undo': (run, { by }) => runs.undo(run, by),
		'run.send-event': (input) => runs.sendEvent(input),
		'run.pin': (input, { by }) => {
			if (input.pinned) purges.requireNotBeingDeleted(input);
			return runs.pin(input, by);
		},
		'run.delete': (run, { by }) => runs.delete(run, by)
	};
}
