import { describe, expect, it } from 'vitest';
import {
	admits,
	availableActions,
	isEnded,
	ROLES,
	RUN_ACTIONS,
	RUN_STATUSES,
	type Role,
	type RunStatus
} from '../../../../src/lib/protocol';

const own = { workflow: 'REFUND', metadata: {} };

const names = (status: RunStatus) =>
	availableActions({ ...own, status }, ROLES).map(({ action }) => action);
const allowed = (status: RunStatus, roles: Role[]) =>
	availableActions({ ...own, status }, roles)
		.filter((found) => found.allowed)
		.map(({ action }) => action);

describe('the actions that a run admits', () => {
	it('are those that make sense in its status', () => {
		expect(names('running')).toEqual(['pause', 'terminate', 'restart']);
		expect(names('waiting')).toEqual(names('running'));
		expect(names('paused')).toEqual(['resume', 'terminate', 'restart']);
		expect(names('waitingForPause')).toEqual(['resume', 'terminate']);
		expect(names('rollingBack')).toEqual([]);
		expect(names('complete')).toEqual(['restart', 'delete']);
	});

	it('include deleting for runs that ended or that the engine has lost, and for no others', () => {
		for (const status of RUN_STATUSES) {
			expect(admits(status, 'delete')).toBe(isEnded(status) || status === 'unknown');
			for (const action of ['pause', 'resume', 'terminate'] as const) {
				if (isEnded(status)) expect(admits(status, action)).toBe(false);
			}
		}
	});

	it('are the same for the button and for the check behind it', () => {
		for (const status of RUN_STATUSES) {
			const admitted = RUN_ACTIONS.filter((action) => admits(status, action));
			expect(new Set(names(status))).toEqual(new Set(admitted));
		}
	});
});

describe('the actions that somebody may do', () => {
	it("are an operator's, but for deleting, which is an admin's", () => {
		expect(allowed('running', ['operator'])).toEqual(['pause', 'terminate', 'restart']);
		expect(allowed('complete', ['operator'])).toEqual(['restart']);
		expect(allowed('complete', ['admin'])).toEqual(['delete']);
		expect(allowed('complete', ['operator', 'admin'])).toEqual(['restart', 'delete']);
	});

	it('are none for those who only look or approve', () => {
		for (const status of RUN_STATUSES) {
			expect(allowed(status, [])).toEqual([]);
			expect(allowed(status, ['viewer', 'approver'])).toEqual([]);
		}
	});

	it('need, for a run of Signalbox itself, the role of what it does', () => {
		const of = (workflow: string, action: string, roles: Role[]) =>
			availableActions({ workflow, metadata: { action }, status: 'complete' }, roles)
				.filter((found) => found.allowed)
				.map((found) => found.action);
		expect(of('PURGE', '', ['operator'])).toEqual([]);
		expect(of('NOTIFY', '', ['operator'])).toEqual([]);
		expect(of('BULK', 'delete', ['operator'])).toEqual([]);
		expect(of('BULK', 'nothing known', ['operator'])).toEqual([]);
		expect(of('BULK', 'pause', ['operator'])).toEqual(['restart']);
		expect(of('PURGE', '', ['operator', 'admin'])).toEqual(['restart', 'delete']);
	});
});
