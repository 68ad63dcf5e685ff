import { describe, expect, it } from 'vitest';
import {
	agentPathSchema,
	mayRequest,
	refusal,
	operationOf,
	OPERATIONS,
	isOperationName,
	ROLES,
	type Role,
	type OperationName
} from '../../../../src/lib/protocol';

const onRun = { workflow: 'REFUND', id: 'run-1' };
const aView = {
	q: '',
	order: 'created:desc',
	columns: null,
	zone: null,
	shared: false,
	badge: false
};
const criteria = { status: 'complete' };
const job = { action: 'pause', select: { q: 'is:active' } };

const policy = { name: 'Nightly', age: '30d', schedule: '0 3 * * *' };
const readPolicy = { ...policy, q: '', zone: 'UTC', enabled: true, instances: false };

/** Of each type: what is read, what comes of it, and what is refused for which field. */
const CASES: Record<OperationName, { given: object; read?: object; wrong: [object, string][] }> = {
	'workflows.list': { given: {}, wrong: [] },
	'runs.list': {
		given: { query: { q: 'status:errored', limit: '10', order: 'duration:asc' } },
		read: {
			query: { q: 'status:errored', limit: 10, order: { field: 'duration', direction: 'asc' } }
		},
		wrong: [
			[{}, 'query'],
			[{ query: { limit: 101 } }, 'query.limit'],
			[{ query: { colour: 'red' } }, 'query']
		]
	},
	'runs.suggest': {
		given: { of: { field: 'status' }, prefix: 'wa', limit: '5' },
		read: { of: { field: 'status' }, prefix: 'wa', limit: 5 },
		wrong: [
			[{ of: { field: 'colour' } }, 'of'],
			[{ of: { metadata: '' } }, 'of.metadata'],
			[{ of: 'metadata-keys', limit: 101 }, 'limit']
		]
	},
	'runs.export': {
		given: { query: { q: 'region:eu', format: 'csv' } },
		read: {
			query: { q: 'region:eu', format: 'csv', order: { field: 'created', direction: 'desc' } }
		},
		wrong: [
			[{ query: { format: 'xlsx' } }, 'query.format'],
			[{ query: { runs: 'REFUND/a,b' } }, 'query.runs'],
			[{ query: { limit: 5 } }, 'query']
		]
	},
	'run.get': {
		given: onRun,
		wrong: [
			[{ workflow: 'REFUND' }, 'id'],
			[{ ...onRun, workflow: 'my-refund' }, 'workflow'],
			[{ ...onRun, id: '-x' }, 'id'],
			[{ ...onRun, id: 'a/b' }, 'id'],
			[{ ...onRun, id: 'a'.repeat(101) }, 'id']
		]
	},
	'run.events': {
		given: { ...onRun, after: '7', generation: '2' },
		read: { ...onRun, after: 7, generation: 2, limit: 10_000 },
		wrong: [
			[{ ...onRun, after: -1 }, 'after'],
			[{ ...onRun, after: 'soon' }, 'after'],
			[{ ...onRun, generation: 0 }, 'generation'],
			[{ ...onRun, limit: 0 }, 'limit'],
			[{ ...onRun, limit: 10_001 }, 'limit']
		]
	},
	'run.around': { given: onRun, wrong: [[{ id: 'run-1' }, 'workflow']] },
	'run.audit': { given: onRun, wrong: [[{ workflow: 'REFUND' }, 'id']] },
	'run.start': {
		given: { workflow: 'REFUND', agent: 'store-agent/berlin', metadata: { a: [1] }, id: 'x' },
		read: {
			workflow: 'REFUND',
			agent: 'store-agent/berlin',
			metadata: { a: [1] },
			id: 'x',
			params: {}
		},
		wrong: [
			[{}, 'workflow'],
			[{ workflow: 'REFUND', agent: 'berlin' }, 'agent'],
			[{ workflow: 'REFUND', metadata: ['a'] }, 'metadata'],
			[{ workflow: 'REFUND', id: '' }, 'id'],
			[{ workflow: 'REFUND', params: 12n }, 'params']
		]
	},
	'run.adopt': {
		given: { ...onRun, agent: 'store-agent/berlin' },
		wrong: [
			[{ ...onRun, agent: 'berlin' }, 'agent'],
			[{ workflow: 'REFUND' }, 'id']
		]
	},
	'run.pause': { given: onRun, wrong: [[{ id: 'run-1' }, 'workflow']] },
	'run.resume': { given: onRun, wrong: [[{ id: 'run-1' }, 'workflow']] },
	'run.terminate': {
		given: { ...onRun, rollback: true, undoMs: 5_000 },
		wrong: [
			[{ id: 'run-1' }, 'workflow'],
			[{ ...onRun, undoMs: 60_001 }, 'undoMs'],
			[{ ...onRun, undoMs: -1 }, 'undoMs'],
			[{ ...onRun, rollback: 'yes' }, 'rollback'],
			[{ ...onRun, reason: 'x'.repeat(2_001) }, 'reason']
		]
	},
	'run.restart': {
		given: { ...onRun, from: { name: 'pay', count: 2, type: 'do' }, undoMs: 5_000 },
		wrong: [
			[{ ...onRun, undoMs: 1.5 }, 'undoMs'],
			[{ ...onRun, from: {} }, 'from.name'],
			[{ ...onRun, from: { name: '' } }, 'from.name'],
			[{ ...onRun, from: { name: 'pay', count: 0 } }, 'from.count'],
			[{ ...onRun, from: { name: 'pay', type: 'wait' } }, 'from.type'],
			[{ ...onRun, from: { name: 'pay', step: 1 } }, 'from']
		]
	},
	'run.undo': { given: onRun, wrong: [[{ id: 'run-1' }, 'workflow']] },
	'run.send-event': {
		given: { ...onRun, event: { type: 'paid' } },
		read: { ...onRun, event: { type: 'paid', payload: null } },
		wrong: [
			[onRun, 'event'],
			[{ ...onRun, event: { type: '' } }, 'event.type'],
			[{ ...onRun, event: { type: 'was paid' } }, 'event.type'],
			[{ ...onRun, event: { type: 'paid', data: 1 } }, 'event']
		]
	},
	'run.pin': {
		given: { ...onRun, pinned: true },
		wrong: [[{ ...onRun, pinned: 'yes' }, 'pinned']]
	},
	'run.delete': { given: onRun, wrong: [[{ ...onRun, id: 7 }, 'id']] },
	'agents.list': {
		given: { query: { q: 'ber', limit: '5' } },
		read: { query: { q: 'ber', limit: 5 } },
		wrong: [[{ query: { limit: 0 } }, 'query.limit']]
	},
	'approvals.list': {
		given: { query: { status: 'approved, rejected', workflow: 'REFUND', severity: ['high'] } },
		read: {
			query: {
				status: ['approved', 'rejected'],
				workflow: 'REFUND',
				severity: ['high'],
				limit: 50
			}
		},
		wrong: [
			[{ query: { status: 'open' } }, 'query.status'],
			[{ query: { status: ['pending', 'open'] } }, 'query.status'],
			[{ query: { assignee: 'ana' } }, 'query.assignee'],
			[{ query: { order: 'loudest' } }, 'query.order'],
			[{ query: { limit: 0 } }, 'query.limit'],
			[{ query: { by: 'ana' } }, 'query']
		]
	},
	'approval.get': {
		given: { id: 'ap_0123456789' },
		wrong: [
			[{ id: 'run-1' }, 'id'],
			[{ id: 'ap_' }, 'id'],
			[{ id: "ap_x' OR 1=1" }, 'id']
		]
	},
	'approval.decide': {
		given: { id: 'ap_0123456789', decision: { approved: false, reason: ' too much ', data: 1 } },
		read: { id: 'ap_0123456789', decision: { approved: false, reason: 'too much', data: 1 } },
		wrong: [
			[{ id: 'ap_0123456789' }, 'decision'],
			[{ id: 'ap_0123456789', decision: { approved: false } }, 'decision.reason'],
			[{ id: 'ap_0123456789', decision: { approved: false, reason: '  ' } }, 'decision.reason'],
			[{ id: 'ap_0123456789', decision: { approved: 'yes' } }, 'decision.approved'],
			[{ id: 'ap_0123456789', decision: { approved: true, by: 'ben' } }, 'decision'],
			[{ id: 'ap_0123456789', decision: { approved: true, undoMs: 60_001 } }, 'decision.undoMs']
		]
	},
	'approval.undo': { given: { id: 'ap_0123456789' }, wrong: [[{ id: 'x' }, 'id']] },
	'approval.deliver-now': { given: { id: 'ap_0123456789' }, wrong: [[{ id: 'x' }, 'id']] },
	'approval.claim': { given: { id: 'ap_0123456789' }, wrong: [[{ id: 'x' }, 'id']] },
	'approval.release': { given: { id: 'ap_0123456789' }, wrong: [[{ id: 'x' }, 'id']] },
	'approval.hand-over': {
		given: { id: 'ap_0123456789', to: ' ben ' },
		read: { id: 'ap_0123456789', to: 'ben' },
		wrong: [
			[{ id: 'ap_0123456789' }, 'to'],
			[{ id: 'ap_0123456789', to: ' ' }, 'to']
		]
	},
	'approvals.decide-many': {
		given: { ids: ['ap_0123456789'], decision: { approved: true } },
		wrong: [
			[{ ids: [], decision: { approved: true } }, 'ids'],
			[{ ids: ['x'], decision: { approved: true } }, 'ids.0'],
			[{ ids: ['ap_0123456789'], decision: { approved: false } }, 'decision.reason']
		]
	},
	'approvals.figures': {
		given: { query: { workflow: 'REFUND', since: '5' } },
		read: { query: { workflow: 'REFUND', since: 5 } },
		wrong: [[{ query: { since: -1 } }, 'query.since']]
	},
	'approval.open-link': { given: { token: 'x' }, wrong: [[{}, 'token']] },
	'webhooks.list': { given: {}, wrong: [] },
	'webhook.create': {
		given: { webhook: { url: 'https://example.com/hook', events: ['decided'] } },
		read: {
			webhook: {
				url: 'https://example.com/hook',
				events: ['decided'],
				workflow: null,
				severity: ['low', 'normal', 'high', 'critical'],
				format: 'json'
			}
		},
		wrong: [
			[{ webhook: {} }, 'webhook.url'],
			[{ webhook: { url: 'ftp://example.com' } }, 'webhook.url'],
			[{ webhook: { url: 'file:///etc/passwd' } }, 'webhook.url'],
			[{ webhook: { url: 'https://ana:pw@example.com' } }, 'webhook.url'],
			[{ webhook: { url: 'https://example.com', events: ['exploded'] } }, 'webhook.events.0'],
			[{ webhook: { url: 'https://example.com', secret: 'short' } }, 'webhook.secret']
		]
	},
	'webhook.delete': { given: { id: 'wh_012345' }, wrong: [[{ id: 'x' }, 'id']] },
	'purge.preview': { given: { criteria }, wrong: [[{ criteria: {} }, 'criteria']] },
	'purge.start': {
		given: { criteria },
		wrong: [
			[{ criteria: {} }, 'criteria'],
			[{ criteria: { status: 'done' } }, 'criteria.status'],
			[{}, ''],
			[{ criteria, preview: 'wf_1', total: 1 }, ''],
			[{ preview: 'wf_1' }, 'total']
		]
	},
	'policies.list': { given: {}, wrong: [] },
	'policy.preview': {
		given: { policy },
		read: { policy: readPolicy },
		wrong: [[{ policy: { ...policy, age: '1m' } }, 'policy.age']]
	},
	'policy.save': {
		given: { policy },
		read: { policy: readPolicy },
		wrong: [
			[{ policy: { ...policy, name: '' } }, 'policy.name'],
			[{ policy: { ...policy, age: undefined } }, 'policy.age'],
			[{ policy: { ...policy, schedule: '' } }, 'policy.schedule'],
			[{ id: 'x', policy }, 'id']
		]
	},
	'policy.delete': { given: { id: 'rp_012345' }, wrong: [[{ id: 'x' }, 'id']] },
	'policy.run': { given: { id: 'rp_012345' }, wrong: [[{ id: 'x' }, 'id']] },
	'purges.list': {
		given: { query: { limit: '5' } },
		read: { query: { limit: 5 } },
		wrong: [[{ query: { limit: 0 } }, 'query.limit']]
	},
	'purge.get': { given: { id: 'wf_1' }, wrong: [[{ id: '-' }, 'id']] },
	'purge.export': {
		given: { id: 'wf_1', history: 'true' },
		read: { id: 'wf_1', history: true },
		wrong: [[{ id: 'wf_1', history: 'yes' }, 'history']]
	},
	'purge.pause': { given: { id: 'wf_1' }, wrong: [[{ id: '-' }, 'id']] },
	'purge.resume': { given: { id: 'wf_1' }, wrong: [[{ id: '-' }, 'id']] },
	'purge.abort': { given: { id: 'wf_1' }, wrong: [[{ id: '-' }, 'id']] },
	'tombstones.list': {
		given: { query: { by: 'ada', limit: '5' } },
		read: { query: { by: 'ada', limit: 5 } },
		wrong: [[{ query: { limit: 0 } }, 'query.limit']]
	},
	'bulk.preview': { given: { job }, wrong: [[{ job: { action: 'pause' } }, 'job.select']] },
	'bulk.start': {
		given: { job },
		wrong: [
			[{ job: { ...job, action: 'explode' } }, 'job.action'],
			[{ job: { ...job, select: {} } }, 'job.select']
		]
	},
	'bulk.get': {
		given: { id: 'wf_1', query: { state: 'failed', limit: '5' } },
		read: { id: 'wf_1', query: { state: 'failed', limit: 5 } },
		wrong: [[{ id: 'wf_1', query: { state: 'lost' } }, 'query.state']]
	},
	'bulk.abort': { given: { id: 'wf_1' }, wrong: [[{ id: '-' }, 'id']] },
	'bulk.retry': {
		given: { id: 'wf_1' },
		read: { id: 'wf_1', state: 'failed' },
		wrong: [[{ id: 'wf_1', state: 'done' }, 'state']]
	},
	'audit.verify': { given: {}, wrong: [] },
	'audit.list': {
		given: { query: { by: 'ana', action: 'run.pause', from: '5', to: '1970-01-01', limit: '5' } },
		read: { query: { by: 'ana', action: 'run.pause', from: 5, to: 0, limit: 5 } },
		wrong: [
			[{ query: { when: 'today' } }, 'query'],
			[{ query: { from: 'yesterday' } }, 'query.from']
		]
	},
	'audit.export': {
		given: { query: { text: 'a b', format: 'csv' } },
		wrong: [
			[{ query: { format: 'xlsx' } }, 'query.format'],
			[{ query: { limit: 5 } }, 'query']
		]
	},
	'views.list': { given: {}, wrong: [] },
	'view.save': {
		given: { view: { name: ' Late ', q: 'is:overdue', order: 'updated' } },
		read: { view: { ...aView, name: 'Late', q: 'is:overdue', order: 'updated:desc' } },
		wrong: [
			[{}, 'view'],
			[{ view: { name: ' ' } }, 'view.name'],
			[{ view: { name: 'x', order: 'color' } }, 'view.order'],
			[{ view: { name: 'x', columns: [] } }, 'view.columns'],
			[{ view: { name: 'x', owner: 'ana' } }, 'view'],
			[{ id: '', view: { name: 'x' } }, 'id']
		]
	},
	'view.delete': { given: { id: 'view_1' }, wrong: [[{}, 'id']] },
	'view.pin': {
		given: { id: 'view_1', pinned: true },
		wrong: [[{ id: 'view_1', pinned: 'yes' }, 'pinned']]
	},
	'fleet.reindex': { given: {}, wrong: [] },
	'bindings.list': { given: {}, wrong: [] },
	'binding.preview': {
		given: { from: 'FORMER', to: 'REFUND', dryRun: true },
		wrong: [
			[{ from: 'FORMER' }, 'to'],
			[{ from: '', to: 'REFUND' }, 'from'],
			[{ from: 'FORMER', to: 'a/b' }, 'to']
		]
	},
	'binding.migrate': {
		given: { from: 'FORMER', to: 'REFUND', reason: 'renamed' },
		wrong: [
			[{ to: 'REFUND' }, 'from'],
			[{ from: 'FORMER', to: 'REFUND', agent: 'x' }, '']
		]
	},
	'doctor.check': { given: {}, wrong: [] },
	'doctor.fix': {
		given: { fix: 'report-all', agent: 'store-agent/berlin' },
		wrong: [
			[{ fix: 'all' }, 'fix'],
			[{ fix: 'track-runs' }, 'agent'],
			[{ fix: 'report-all', agent: 'berlin' }, 'agent']
		]
	}
};
const TYPES = Object.keys(CASES) as OperationName[]; // a Record of them all

describe('a request', () => {
	it.each(TYPES)('%s is read', (type) => {
		const { given, read = given } = CASES[type];
		expect(operationOf(type).input.parse(given)).toEqual(read);
	});

	it.each(TYPES)('%s is refused with the field that is wrong', (type) => {
		for (const [given, field] of CASES[type].wrong) {
			const { error } = operationOf(type).input.safeParse(given);
			expect(
				error?.issues.map(({ path }) => path.join('.')),
				JSON.stringify(field)
			).toContain(field);
		}
	});

	it('approves without a reason', () => {
		const decision = { approved: true };
		const input = { id: 'ap_0123456789', decision };
		expect(operationOf('approval.decide').input.parse(input)).toEqual(input);
	});

	it('is none without the name of an operation', () => {
		for (const nothing of [null, undefined, 7, [], {}, 'run.explode', 'toString', '__proto__']) {
			expect(isOperationName(nothing)).toBe(false);
		}
	});
});

describe("an Agent's path", () => {
	it('is a class and a name, and those of its sub-agents', () => {
		for (const path of [
			'store-agent/berlin',
			'store-agent/a%2Fb',
			'store-agent/gr%C3%BC%C3%9Fe',
			'store-agent/berlin/sub/aisle-agent/7',
			'a/b/sub/c/d/sub/e/f'
		]) {
			expect(agentPathSchema.safeParse(path).success, path).toBe(true);
		}
	});

	it('is refused when it is no address, or one that cannot be decoded', () => {
		for (const path of [
			'',
			'store-agent',
			'store-agent/',
			'/berlin',
			'Store-Agent/berlin',
			'store-agent/a b',
			'store-agent/berlin/aisle-agent/7',
			'store-agent/berlin/sub/aisle-agent',
			'store-agent/100%',
			'store-agent/%FF',
			`store-agent/${'x'.repeat(2000)}`
		]) {
			expect(agentPathSchema.safeParse(path).success, path).toBe(false);
		}
	});
});

const READING: OperationName[] = [
	'workflows.list',
	'runs.list',
	'runs.suggest',
	'runs.export',
	'run.get',
	'run.events',
	'run.around',
	'run.audit',
	'agents.list',
	'approvals.list',
	'approval.get',
	'approvals.figures',
	'approval.open-link',
	'views.list',
	'bulk.get'
];
/** Jobs over many runs; each takes the role of its own action besides. */
const JOBS: OperationName[] = ['bulk.start', 'bulk.abort', 'bulk.retry'];
const DECIDING: OperationName[] = [
	'approval.decide',
	'approval.undo',
	'approval.deliver-now',
	'approval.claim',
	'approval.release',
	'approval.hand-over',
	'approvals.decide-many'
];
/** Anybody keeps views of their own. */
const MAINTAINING: OperationName[] = [
	'bindings.list',
	'binding.preview',
	'binding.migrate',
	'doctor.check',
	'doctor.fix'
];
const KEEPING: OperationName[] = ['view.save', 'view.delete', 'view.pin'];
const OPERATING: OperationName[] = [
	'run.start',
	'run.adopt',
	'run.pause',
	'run.resume',
	'run.terminate',
	'run.restart',
	'run.undo',
	'run.send-event'
];
const ALLOWED: Record<Role, OperationName[]> = {
	viewer: [...READING, ...KEEPING],
	operator: [...READING, ...KEEPING, ...OPERATING, 'run.pin', ...JOBS, 'bulk.preview'],
	approver: [...READING, ...KEEPING, ...DECIDING],
	admin: [
		...READING,
		...KEEPING,
		'run.delete',
		'approval.release',
		'approval.hand-over',
		'webhooks.list',
		'webhook.create',
		'webhook.delete',
		'purge.preview',
		'purge.start',
		'purges.list',
		'purge.get',
		'purge.export',
		'purge.pause',
		'purge.resume',
		'purge.abort',
		'tombstones.list',
		'policies.list',
		'policy.preview',
		'policy.save',
		'policy.delete',
		'policy.run',
		'run.pin',
		'bulk.preview',
		...JOBS,
		'audit.list',
		'audit.export',
		'audit.verify',
		'fleet.reindex',
		...MAINTAINING
	]
};

describe('who may ask for what', () => {
	it.each(ROLES)('%s alone may ask for exactly this', (role) => {
		const allowed = TYPES.filter((type) => mayRequest(type, [role]));
		expect(new Set(allowed)).toEqual(new Set(ALLOWED[role]));
	});

	it('is everything for somebody with every role, and nothing for nobody', () => {
		expect(TYPES.filter((type) => !mayRequest(type, ROLES))).toEqual([]);
		expect(TYPES.filter((type) => mayRequest(type, []))).toEqual([]);
	});

	it('needs more than looking for all that changes more than one’s own views', () => {
		for (const type of TYPES) {
			if (OPERATIONS[type].changes && !KEEPING.includes(type) && type !== 'approval.open-link')
				expect(mayRequest(type, ['viewer']), type).toBe(false);
		}
		const changes = TYPES.filter((type) => OPERATIONS[type].changes);
		expect(new Set(changes)).toEqual(
			new Set([
				...OPERATING,
				'run.delete',
				...DECIDING,
				'approval.open-link',
				'webhook.create',
				'webhook.delete',
				'purge.start',
				'purge.pause',
				'purge.resume',
				'purge.abort',
				'policy.save',
				'policy.delete',
				'policy.run',
				'run.pin',
				...JOBS,
				...KEEPING,
				'fleet.reindex',
				'binding.migrate',
				'doctor.fix'
			])
		);
	});

	it('is said in words to somebody who may not', () => {
		expect(
			refusal('run.pause', {
				subject: 'local:ana',
				name: 'ana',
				email: null,
				roles: ['viewer', 'admin']
			})
		).toMatchObject({
			type: 'urn:signalbox:problem:forbidden',
			status: 403,
			detail: 'run.pause requires the role operator. ana has viewer, admin.'
		});
		expect(
			refusal('run.get', { subject: 'local:ben', name: 'ben', email: null, roles: [] })?.detail
		).toBe('run.get requires the role viewer or operator or approver or admin. ben has no role.');
		expect(
			refusal('run.pause', { subject: 'local:ana', name: 'ana', email: null, roles: ['operator'] })
		).toBeNull();
	});

	it('is decided by roles, each named once', () => {
		for (const { roles } of Object.values(OPERATIONS)) {
			expect(roles.length).toBeGreaterThan(0);
			expect(new Set(roles).size).toBe(roles.length);
		}
	});
});
