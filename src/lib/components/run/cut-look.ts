import RotateCcw from '@lucide/svelte/icons/rotate-ccw';
import type { Look } from './status-look';

/** How a generation looks that was restarted before it came to an end. */
export const CUT_LOOK: Look = { label: 'Cut short by a restart', tone: 'stopped', icon: RotateCcw };
