import { createContext } from 'svelte';
import { connectionText } from '$lib/messages/components/connection';
import type { Problem } from '$lib/protocol';

/** What components know of the connection. */
export type Online = {
	/** Is what is on screen up to date? */
	readonly live: boolean;
	/** Is there no connection, and not only for a moment? Then nothing can be changed. */
	readonly lost: boolean;
};

/** The root layout sets it. */
export const [getOnline, setOnline] = createContext<Online>();

/**
 * A problem for as long as its cause lasts: that nothing was sent, for want of a connection, is no
 * problem any more once there is one.
 */
export function lasting<P extends Pick<Problem, 'detail'>>(
	problem: P | null,
	online: Online
): P | null {
	return problem?.detail === connectionText.notConnected && online.live ? null : problem;
}
