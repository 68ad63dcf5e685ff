import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Fleet } from '../../../../src/lib/agent/operations/fleet';
import { Redaction } from '../../../../src/lib/agent/operations/redaction';
import { problem, REDACTED, runKey } from '../../../../src/lib/protocol';
import { WorkerCatalogue } from '../../../../src/lib/workflows/catalogue';
import { defineWorkflow } from '../../../../src/lib/workflows/define';
import { anApproval } from '../../support/approvals';
import { aRun, NOW } from '../../support/runs';
import { memoryStorage } from '../../support/storage';

const payroll = defineWorkflow({
	...{ workflow: 'PAYROLL', title: 'Pay', description: 'Pays.' },
	...{ agentClass: 'StoreAgent', agent: 'store-agent/berlin' },
	...{ params: z.object({}), example: {}, redact: ['salary'] }
});
const redaction = new Redaction(
	{ REDACT_KEYS: 'iban, tax id' },
	new WorkerCatalogue([payroll, { ...payroll, workflow: 'REFUND', redact: [] }])
);
const values = { salary: 1, iban: 2, token: 3, other: 4 };

describe('the keys that are masked', () => {
	it('are the common ones, those of the variable, and those of the workflow', () => {
		const masked = { ...values, iban: REDACTED, token: REDACTED };
		const run = (workflow: string) => redaction.maskRun(aRun({ workflow, params: values })).params;
		expect(run('REFUND')).toEqual(masked);
		expect(run('PAYROLL')).toEqual({ ...masked, salary: REDACTED });
	});

	it('are those of every workflow where a value may be of any', () => {
		const all = { salary: REDACTED, iban: REDACTED, token: REDACTED, other: 4 };
		expect(redaction.maskDetail(values)).toEqual(all);
		expect(redaction.maskRun(aRun({ workflow: 'BULK', params: values })).params).toEqual(all);
		expect(redaction.maskRun(aRun({ workflow: 'FOREIGN', params: values })).params).toEqual(all);
	});
});

describe('masking a problem', () => {
	it('masks its text and its approval, and leaves what is wrong with which field', () => {
		const approval = anApproval({ facts: { token: 'x' } });
		const masked = redaction.maskProblem(problem('claimed', 'token=x', { approval, salary: 1 }));
		expect(masked).toMatchObject({ detail: `token=${REDACTED}`, salary: REDACTED });
		expect(masked).toMatchObject({ approval: { facts: { token: REDACTED } } });
		const errors = [{ path: 'data.token', message: 'must be text' }];
		const invalid = problem('invalid-input', 'data.token: must be text', { errors });
		expect(redaction.maskProblem(invalid)).toEqual(invalid);
	});
});

describe('what was stored under other rules', () => {
	it('is masked when the Operations agent starts with new ones', () => {
		const storage = memoryStorage();
		const before = new Fleet(storage, new Redaction());
		before.migrate();
		const run = aRun({ workflow: 'PAYROLL', metadata: { salary: 'high' }, params: { a: 1 } });
		const other = aRun({ id: 'other', params: { iban: 'x' } });
		const approval = anApproval({ workflow: 'PAYROLL', runId: run.id, facts: { salary: 7 } });
		for (const each of [run, other]) before.runs.upsert({ run: each, version: 3, exact: true });
		before.approvals.upsert({ approval, version: 1 });

		const fleet = new Fleet(storage, redaction);
		fleet.migrate();
		expect(fleet.runs.get(runKey(run))).toEqual({
			run: { ...run, metadata: { salary: REDACTED } },
			...{ version: 3, exact: true }
		});
		expect(fleet.runs.get(runKey(other))?.run.params).toEqual({ iban: REDACTED });
		const page = (q: string) =>
			fleet.page(
				{ q, limit: 10, order: { field: 'created', direction: 'desc' } },
				{ now: NOW, reach: 'everywhere' }
			).total;
		expect([page('salary:high'), page('workflow:PAYROLL')]).toEqual([0, 1]);
		expect(fleet.approvals.get(approval.id)?.facts).toEqual({ salary: REDACTED });
	});
});
