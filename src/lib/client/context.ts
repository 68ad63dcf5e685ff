import { createContext } from 'svelte';
import type { LiveCatalogue } from './catalogue.svelte';
import type { Connection } from './socket/connection.svelte';
import type { LiveSavedViews } from './live/live-saved-views';
import type { LiveApprovals } from './live/live-approvals';
import type { Myself } from './me.svelte';
import type { Requests } from './requests';

/** What every page shares: the connection, who one is, what can be asked for, started, looked at. */
export type Signalbox = {
	connection: Connection;
	me: Myself;
	requests: Requests;
	catalogue: LiveCatalogue;
	views: LiveSavedViews;
	/** What waits for a decision of this person: the one list that every count of it comes from. */
	inbox: LiveApprovals;
};

/** Reads and sets what every page shares. The root layout sets it. */
export const [getSignalbox, setSignalbox] = createContext<Signalbox>();
