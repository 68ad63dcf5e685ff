import { createContext } from 'svelte';
import type { Connection } from './connection.svelte';
import type { Myself } from './me.svelte';
import type { Requests } from './requests';

/** What every page shares: the connection, who one is, and what can be asked for. */
export type Signalbox = { connection: Connection; me: Myself; requests: Requests };

/** Reads and sets what every page shares. The root layout sets it. */
export const [getSignalbox, setSignalbox] = createContext<Signalbox>();
