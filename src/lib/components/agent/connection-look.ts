import { agentText } from '$lib/messages/components/agent';
import CircleDashed from '@lucide/svelte/icons/circle-dashed';
import Radio from '@lucide/svelte/icons/radio';
import RefreshCw from '@lucide/svelte/icons/refresh-cw';
import Unplug from '@lucide/svelte/icons/unplug';
import type { LinkStatus } from '$lib/client';
import type { Look } from '../run/status-look';

/** How a socket to an Agent looks. */
export const CONNECTION_LOOK: Record<LinkStatus, Look> = {
	connecting: { label: agentText.connection.connecting, tone: 'queued', icon: CircleDashed },
	live: { label: agentText.connection.live, tone: 'done', icon: Radio },
	reconnecting: { label: agentText.connection.reconnecting, tone: 'waiting', icon: RefreshCw },
	stale: { label: agentText.connection.stale, tone: 'failed', icon: Unplug },
	refused: { label: agentText.connection.refused, tone: 'failed', icon: Unplug }
};
