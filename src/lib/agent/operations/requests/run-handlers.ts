import {
	controlRefusal,
	ProblemError,
	runKey,
	type Identity,
	type RunRef,
	type runOperations,
	type WorkflowCatalogue,
	withRowError
} from '../../../protocol';
import type { Fleet } from '../fleet';
import type { RunRequests } from '../runs/run-requests';
import type { Handlers, RequestContext } from './handlers';

export function runHandlers(
	fleet: Fleet,
	runs: RunRequests,
	catalogue: WorkflowCatalogue
): Handlers<keyof typeof runOperations> {
	/** @throws ProblemError `forbidden` when what the run does takes another role */
	const requireControl = (run: RunRef, by: Identity) => {
		const metadata = fleet.runs.get(runKey(run))?.run.metadata ?? {};
		const refused = controlRefusal({ workflow: run.workflow, metadata }, by);
		if (refused) throw new ProblemError('forbidden', refused.detail);
	};
	const controlling =
		<I extends RunRef, R>(carryOut: (input: I, by: Identity) => R) =>
		(input: I, { by }: RequestContext): R => {
			requireControl(input, by);
			return carryOut(input, by);
		};
	return {
		'workflows.list': () => catalogue.list(),
		'runs.list': ({ query, window }) => {
			const { keys: _keys, ...page } = fleet.page(query, Date.now(), window);
			return { ...page, runs: page.runs.map(withRowError) };
		},
		'runs.suggest': (input) => fleet.runs.suggest(input),
		'runs.export': ({ query }) => {
			fleet.terms(query.q); // refuses an invalid query; the file comes as a stream
			return null;
		},
		'run.get': (run) => runs.get(run),
		'run.events': (input) => runs.events(input),
		'run.around': (run) => runs.around(run),
		'run.audit': (run) => runs.audit(run),
		'run.start': (input, { by }) => runs.start(input, by),
		'run.adopt': controlling((input, by) => runs.adopt(input, by)),
		'run.pause': controlling((run) => runs.control('pause', run)),
		'run.resume': controlling((run) => runs.control('resume', run)),
		'run.terminate': controlling((input, by) => runs.terminate(input, by)),
		'run.restart': controlling((input, by) => runs.restart(input, by)),
		'run.undo': controlling((run, by) => runs.undo(run, by)),
		'run.send-event': controlling((input) => runs.sendEvent(input)),
		'run.delete': controlling((run, by) => runs.delete(run, by))
	};
}
