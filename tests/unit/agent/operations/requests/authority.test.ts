import { expect, it } from 'vitest';
import type { Identity } from '../../../../../src/lib/protocol';
import { Authority } from '../../../../../src/lib/agent/operations/requests/authority';

/** Stands in for what no case here asks. */
const unused = undefined as never;

const OLGA: Identity = {
	...{ subject: 'local:olga', name: 'olga', email: null },
	...{ roles: [], scopedRoles: ['operator:FOLLOW_UP'] }
};

it('a job of one’s own is carried on with the limits that one’s roles have now', () => {
	const jobs = { get: () => ({ subject: OLGA.subject }) };
	const authority = new Authority(unused, jobs as never, unused);
	for (const name of ['bulk.get', 'bulk.abort', 'bulk.retry'] as const) {
		const { refused, by } = authority.judge(name, { id: 'wf_1' }, OLGA);
		expect(refused, name).toBeNull();
		expect(by, name).toEqual(OLGA);
	}
});

it('a job of somebody else is not there for who has limited roles only', () => {
	const jobs = { get: () => ({ subject: 'local:otto' }) };
	const authority = new Authority(unused, jobs as never, unused);
	const { refused } = authority.judge('bulk.retry', { id: 'wf_1' }, OLGA);
	expect(refused?.status).toBe(404);
});
