import CircleDashed from '@lucide/svelte/icons/circle-dashed';
import Radio from '@lucide/svelte/icons/radio';
import RefreshCw from '@lucide/svelte/icons/refresh-cw';
import Unplug from '@lucide/svelte/icons/unplug';
import type { LinkStatus } from '$lib/client';
import type { Look } from '../run/status-look';

/** How a socket to an Agent looks. */
export const CONNECTION_LOOK: Record<LinkStatus, Look> = {
	connecting: { label: 'Connecting', tone: 'queued', icon: CircleDashed },
	live: { label: 'Live', tone: 'done', icon: Radio },
	reconnecting: { label: 'Reconnecting', tone: 'waiting', icon: RefreshCw },
	stale: { label: 'Does not answer', tone: 'failed', icon: Unplug },
	refused: { label: 'Refused', tone: 'failed', icon: Unplug }
};
