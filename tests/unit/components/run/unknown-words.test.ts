import { expect, it } from 'vitest';
import { describeDeadline } from '../../../../src/lib/components/approvals/deadline';
import { SEVERITY_LOOK } from '../../../../src/lib/components/approvals/severity-look';
import { APPROVAL_LOOK, lookIn, lookOf } from '../../../../src/lib/components/run/status-look';
import { lookOfItem, whySkipped } from '../../../../src/lib/features/bulk/bulk-look';
import { admits, availableActions, isEnded, ROLES } from '../../../../src/lib/protocol';
import { aRun } from '../../support/runs';

/** A word of a newer server, where this version knows only others. */
const word = <T>(text: string) => text as T;

it('shows a status, an outcome, a severity of a newer server as it came', () => {
	expect(lookOf({ status: word('hibernating') }).label).toBe('hibernating');
	expect(lookOf({ status: word('constructor') }).label).toBe('constructor');
	expect(lookOf({ status: 'complete', outcome: word('postponed') }).label).toContain('postponed');
	expect(lookIn(APPROVAL_LOOK, word('delegated')).label).toBe('delegated');
	expect(lookIn(SEVERITY_LOOK, word('apocalyptic')).label).toBe('apocalyptic');
	expect(lookOfItem(word('postponed'), false).label).toBe('postponed');
	expect(whySkipped(word('on-holiday'))).toBe('on-holiday');
	const approval = { requestedAt: 0, expiresAt: 10_000, onTimeout: word<'fail'>('delegate') };
	expect(describeDeadline(approval, 0)?.text).toContain('delegate');
});

it('offers no action for a status that it does not know', () => {
	const run = aRun({ status: word('hibernating') });
	expect(availableActions(run, ROLES)).toEqual([]);
	expect(admits(run.status, 'pause')).toBe(false);
	expect(isEnded(run.status)).toBe(false);
});
