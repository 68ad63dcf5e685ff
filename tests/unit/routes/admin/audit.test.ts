import { describe, expect, it } from 'vitest';
import { adminAuditText } from '../../../../src/lib/messages/pages/admin-audit';
import { auditExportSchema, type AuditEntry } from '../../../../src/lib/protocol';
import {
	AUDITED_ACTIONS,
	AUDITED_RESULTS,
	detailsOf,
	statusChange,
	targetHref
} from '../../../../src/routes/admin/audit-entries';
import { auditFileHref, readFilter, startOfDay } from '../../../../src/routes/admin/audit-filter';

const entry = (given: Partial<AuditEntry> = {}): AuditEntry => ({
	...{
		id: 1,
		at: 0,
		by: 'ana',
		action: 'run.send-event',
		target: null,
		detail: {},
		result: 'done'
	},
	...given
});

describe('an audit entry', () => {
	it('leads to the run, the approval or the Agent that it is about', () => {
		expect(targetHref(entry({ target: 'REFUND/r-1' }))).toBe('/runs/REFUND/r-1');
		expect(targetHref(entry({ target: 'ap_abcdef12' }))).toBe('/approvals/ap_abcdef12');
		const write = { action: 'agent.set-state', target: 'store-agent/berlin' };
		expect(targetHref(entry(write))).toBe('/fleet/store-agent/berlin');
		expect(targetHref(entry({ target: 'everything' }))).toBeNull();
		expect(targetHref(entry())).toBeNull();
	});

	it('says in words what was done and how it ended', () => {
		const { actionLabel, resultLabel } = adminAuditText;
		expect(AUDITED_ACTIONS.map(actionLabel).filter((label) => /[.-]/.test(label))).toEqual([]);
		expect(new Set(AUDITED_ACTIONS.map(actionLabel)).size).toBe(AUDITED_ACTIONS.length);
		expect(actionLabel('run.send-event')).toBe('Send event');
		expect(AUDITED_RESULTS.map(resultLabel)).toContain('Not allowed');
		expect(resultLabel('held')).toBe('Can be undone');
		expect([actionLabel('x.new-one'), resultLabel('new-one')]).toEqual(['X new one', 'New one']);
	});

	it('says what changed of its target, and all the rest in its details', () => {
		const before = { status: 'running', step: 'pay' };
		const changed = entry({ before, after: { status: 'terminated' }, reason: 'stuck' });
		expect(statusChange(changed)).toEqual({ from: 'running', to: 'terminated' });
		expect(statusChange(entry({ before, after: before }))).toBeNull();
		expect(statusChange(entry())).toBeNull();
		expect(detailsOf(changed)).toMatchObject({ reason: 'stuck', before, detail: {} });
		expect(detailsOf(entry())).toEqual({ detail: {} });
	});
});

describe('the filter of the audit log', () => {
	const read = (params: Record<string, string>, zone: string | null = 'UTC') =>
		readFilter(new URLSearchParams(params), zone);

	it('reads keys and words of the search box, the menus and the dates', () => {
		const q = 'stuck by:"Ana Lee" target:REFUND/r-1 "two words"';
		expect(read({ q, result: 'forbidden', from: '2026-03-01', to: '2026-03-01' })).toEqual({
			error: undefined,
			filter: {
				...{ by: 'Ana Lee', target: 'REFUND/r-1', text: 'stuck two words', result: 'forbidden' },
				...{ from: Date.UTC(2026, 2, 1), to: Date.UTC(2026, 2, 2) }
			}
		});
		expect(read({}).filter).toEqual({});
	});

	it('says which keys there are', () => {
		expect(read({ q: 'who:ana' }).error).toContain('by:, target:');
		expect(read({ q: '"who:ana"' })).toMatchObject({
			error: undefined,
			filter: { text: 'who:ana' }
		});
	});

	it('takes days in the chosen zone, also when the clocks change', () => {
		expect(startOfDay('2026-03-29', 0, 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 28, 23));
		expect(startOfDay('2026-03-29', 1, 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 29, 22));
		expect(startOfDay('2026-03-01', 0, 'America/New_York')).toBe(Date.UTC(2026, 2, 1, 5));
		expect(startOfDay('yesterday', 0, 'UTC')).toBeNull();
	});

	it('is that of the file as well', () => {
		const { filter } = read({ q: 'a & b by:ana', from: '2026-03-01' });
		const url = new URL(auditFileHref(filter, 'csv'), 'http://localhost');
		expect(auditExportSchema.parse(Object.fromEntries(url.searchParams))).toEqual({
			...filter,
			format: 'csv'
		});
	});
});
