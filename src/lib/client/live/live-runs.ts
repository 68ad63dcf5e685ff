import type { RunQueryInput } from '$lib/protocol';
import type { Connection } from '../socket/connection.svelte';
import { LiveView } from './live-view.svelte';
import { applyToRuns, type RunsModel } from './runs-model';

/** A live page of the runs that a query finds. */
export class LiveRuns extends LiveView<RunsModel> {
	constructor(connection: Connection, query: () => RunQueryInput) {
		super(connection, () => ({ kind: 'runs', query: query() }), applyToRuns);
	}
}
