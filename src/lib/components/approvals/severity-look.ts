import ArrowDown from '@lucide/svelte/icons/arrow-down';
import ChevronsUp from '@lucide/svelte/icons/chevrons-up';
import Equal from '@lucide/svelte/icons/equal';
import OctagonAlert from '@lucide/svelte/icons/octagon-alert';
import type { Severity } from '../../protocol';
import type { Look } from '../run/status-look';

/** How each severity looks: always a word and an icon beside the colour. */
export const SEVERITY_LOOK: Record<Severity, Look> = {
	low: { label: 'Low', tone: 'queued', icon: ArrowDown },
	normal: { label: 'Normal', tone: 'queued', icon: Equal },
	high: { label: 'High', tone: 'waiting', icon: ChevronsUp },
	critical: { label: 'Critical', tone: 'failed', icon: OctagonAlert }
};
