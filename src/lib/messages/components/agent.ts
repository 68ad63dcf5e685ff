import { translated } from '../locale';
import { formatNumber } from '../plural';

const en = {
	runsOf: (path: string) => `Runs of ${path}`,

	connection: {
		connecting: 'Connecting',
		live: 'Live',
		reconnecting: 'Reconnecting',
		stale: 'Not responding',
		refused: 'Refused'
	},

	state: 'Agent state',
	/** `{time}` is when the state was received. */
	unchanged: 'Received {time}; no changes since.',
	/** `{time}` is when the state changed. */
	changed: 'Changed {time}:',
	lastChanges: 'Latest changes',
	wholeState: 'state',
	noValue: 'nothing',
	became: 'became',
	moreChanges: (changes: number) => `and ${formatNumber(changes)} more`,

	broadcasts: 'Broadcasts',
	filterBroadcasts: 'Filter broadcasts',
	filterPlaceholder: 'Filter by text',
	broadcastCount: (matching: number, received: number, kept: number) => {
		const count = `${formatNumber(matching)} of ${formatNumber(received)}`;
		return received > kept ? `${count}, the last ${formatNumber(kept)} kept` : count;
	},
	clear: 'Clear',
	reconnected: 'Reconnected. Broadcasts sent in between are missing.',
	noBroadcasts: 'No broadcasts since you started listening',
	noMatchingBroadcasts: 'No matching broadcasts'
};

export const agentText = translated({ en });
