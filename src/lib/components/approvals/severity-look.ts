import { approvalsText } from '$lib/messages/components/approvals';
import ArrowDown from '@lucide/svelte/icons/arrow-down';
import ChevronsUp from '@lucide/svelte/icons/chevrons-up';
import Equal from '@lucide/svelte/icons/equal';
import OctagonAlert from '@lucide/svelte/icons/octagon-alert';
import type { Severity } from '../../protocol';
import type { Look } from '../run/status-look';

export const SEVERITY_LOOK: Record<Severity, Look> = {
	low: { label: approvalsText.severity.low, tone: 'queued', icon: ArrowDown },
	normal: { label: approvalsText.severity.normal, tone: 'queued', icon: Equal },
	high: { label: approvalsText.severity.high, tone: 'waiting', icon: ChevronsUp },
	critical: { label: approvalsText.severity.critical, tone: 'failed', icon: OctagonAlert }
};
