import type { RunRef } from '$lib/protocol';
import type { Connection } from '../socket/connection.svelte';
import { LiveView } from './live-view.svelte';
import { applyToRun, type RunModel } from './run-model';

/** A live run with its history. */
export class LiveRun extends LiveView<RunModel> {
	constructor(connection: Connection, ref: () => RunRef) {
		const view = () => {
			const { workflow, id } = ref();
			return { kind: 'run' as const, workflow, id };
		};
		super(connection, view, applyToRun);
	}

	/** The run looked at now; never the one before it. */
	override get current(): RunModel | undefined {
		return this.previous ? undefined : super.current;
	}
}
