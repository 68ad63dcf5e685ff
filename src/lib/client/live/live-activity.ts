import type { ActivityMinute, Change } from '$lib/protocol';
import type { Connection } from '../socket/connection.svelte';
import { LiveView } from './live-view.svelte';

/** How many runs began and ended in each minute of the last hour, live. */
export class LiveActivity extends LiveView<readonly ActivityMinute[]> {
	constructor(connection: Connection) {
		super(connection, () => ({ kind: 'activity' }), applyToActivity);
	}
}

function applyToActivity(before: readonly ActivityMinute[] | undefined, change: Change) {
	return change.kind === 'activity' ? change.minutes : before;
}
