import type { WorkflowCatalogue } from '../protocol';

const EMPTY: WorkflowCatalogue = { get: () => undefined, entries: () => [], list: () => [] };

let current = EMPTY;

/** The workflows of this Worker, for all of its Agents. Its entry sets them before any request. */
export const workerCatalogue = {
	get: (): WorkflowCatalogue => current,
	set: (catalogue: WorkflowCatalogue): void => {
		current = catalogue;
	}
};
