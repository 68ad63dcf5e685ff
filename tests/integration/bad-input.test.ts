// What is refused: each with the right status and a document that says what is wrong, and nothing
// that anybody could see has changed after it.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Approval } from '../../src/lib/protocol';
import { problemOf } from './support/person';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();
const refund = { order: 'ORD-1', amount: 250, currency: 'EUR', reason: 'x', requestedBy: 'ana' };
const waiting = { workflow: 'REFUND', id: 'waiting' };
let approval: Approval;

beforeAll(async () => {
	approval = await signalbox
		.as()
		.approvalOf(await signalbox.as().start({ ...waiting, params: refund }));
});

async function everything(): Promise<unknown> {
	const [runs, approvals] = await Promise.all([
		signalbox.as().get('/runs'),
		signalbox.as().get('/approvals')
	]);
	return [runs.body, approvals.body];
}

type Refused = {
	name: string;
	call: [method: string, path: string, body?: unknown];
	status: number;
	kind: string;
	/** The fields that the document names. */
	fields?: string[];
};

const start = (body: unknown): [string, string, unknown] => ['POST', '/runs', body];
const list = (query: string): [string, string] => ['GET', `/runs?${query}`];

const REFUSED: Refused[] = [
	{
		name: 'an unknown workflow',
		call: start({ workflow: 'NO_SUCH', params: {} }),
		status: 404,
		kind: 'unknown-workflow'
	},
	{
		name: 'a workflow that nobody starts by hand',
		call: start({ workflow: 'PURGE', params: { criteria: { q: '*' } } }),
		status: 404,
		kind: 'unknown-workflow'
	},
	{
		name: 'params that do not fit, each field named',
		call: start({
			workflow: 'REFUND',
			params: { order: '', amount: -5, currency: 'euro', requestedBy: 'ana', colour: 'red' }
		}),
		status: 400,
		kind: 'invalid-params',
		fields: ['params', 'params.amount', 'params.currency', 'params.order', 'params.reason']
	},
	{
		name: 'params of the wrong kind altogether',
		call: start({ workflow: 'REFUND', params: 'all of it' }),
		status: 400,
		kind: 'invalid-params',
		fields: ['params']
	},
	{
		name: 'a start without a workflow',
		call: start({ params: refund }),
		status: 400,
		kind: 'invalid-input',
		fields: ['workflow']
	},
	{
		name: 'an id that the engine cannot have',
		call: start({ workflow: 'REFUND', params: refund, id: '-spaces here' }),
		status: 400,
		kind: 'invalid-input',
		fields: ['id']
	},
	{
		name: 'a used id',
		call: start({ ...waiting, params: refund }),
		status: 409,
		kind: 'id-taken'
	},
	{
		name: 'a used id, at another Agent',
		call: start({ ...waiting, params: refund, agent: 'store-agent/austin' }),
		status: 409,
		kind: 'id-taken'
	},
	{
		name: 'an Agent of a class that does not run the workflow',
		call: start({ workflow: 'REFUND', params: refund, agent: 'no-such-agent/berlin' }),
		status: 400,
		kind: 'invalid-input'
	},
	{
		name: 'an Agent that is no path',
		call: start({ workflow: 'REFUND', params: refund, agent: 'berlin' }),
		status: 400,
		kind: 'invalid-input',
		fields: ['agent']
	},
	...[
		'store-agent/..',
		'store-agent/.',
		'store-agent/%2E%2e',
		'store-agent/a/sub/aisle-agent/..'
	].map((agent): Refused => ({
		name: `the Agent ${agent}, which no URL can reach`,
		call: start({ workflow: 'REFUND', params: refund, agent }),
		status: 400,
		kind: 'invalid-input',
		fields: ['agent']
	})),
	{
		name: 'malformed JSON',
		call: start('{"workflow": "REFUND", '),
		status: 400,
		kind: 'malformed-json'
	},
	{
		name: 'JSON that is no object',
		call: start('[1, 2]'),
		status: 400,
		kind: 'invalid-input',
		fields: ['workflow']
	},
	{
		name: 'a body over 1 MB',
		call: start({ workflow: 'REFUND', params: { ...refund, reason: 'x'.repeat(1_048_577) } }),
		status: 413,
		kind: 'body-too-large'
	},
	{
		name: 'an unknown run',
		call: ['GET', '/runs/REFUND/nobody'],
		status: 404,
		kind: 'unknown-run'
	},
	{
		name: 'the events of an unknown run',
		call: ['GET', '/runs/REFUND/nobody/events'],
		status: 404,
		kind: 'unknown-run'
	},
	...['pause', 'resume', 'terminate', 'restart'].map((action): Refused => ({
		name: `to ${action} an unknown run`,
		call: ['POST', `/runs/REFUND/nobody/${action}`, {}],
		status: 404,
		kind: 'unknown-run'
	})),
	{
		name: 'to delete an unknown run',
		call: ['DELETE', '/runs/REFUND/nobody'],
		status: 404,
		kind: 'unknown-run'
	},
	{
		name: 'an unknown approval',
		call: ['GET', '/approvals/ap_0000000000'],
		status: 404,
		kind: 'unknown-approval'
	},
	{
		name: 'a decision on an unknown approval',
		call: ['POST', '/approvals/ap_0000000000/decision', { approved: true }],
		status: 404,
		kind: 'unknown-approval'
	},
	{
		name: 'an event that the run does not wait for',
		call: ['POST', '/runs/REFUND/waiting/events', { type: 'parcel-arrived', payload: 1 }],
		status: 409,
		kind: 'not-waiting'
	},
	{
		name: 'an event without a type',
		call: ['POST', '/runs/REFUND/waiting/events', { payload: 1 }],
		status: 400,
		kind: 'invalid-input',
		fields: ['type']
	},
	{
		name: 'a restart from nothing that has a name',
		call: ['POST', '/runs/REFUND/waiting/restart', { from: { count: 2 } }],
		status: 400,
		kind: 'invalid-input',
		fields: ['from.name']
	},
	{
		name: 'a purge without criteria',
		call: ['POST', '/purges', { criteria: {} }],
		status: 400,
		kind: 'invalid-input',
		fields: ['criteria']
	},
	{
		name: 'a purge by a criterion that is none',
		call: ['POST', '/purges', { criteria: { colour: 'red' } }],
		status: 400,
		kind: 'invalid-input'
	},
	{
		name: 'a purge by a query that is none',
		call: ['POST', '/purges', { criteria: { q: 'status:' }, dryRun: true }],
		status: 400,
		kind: 'invalid-input'
	},
	...(['limit=0', 'limit=101', 'limit=many', 'limit=1.5', 'limit=1&limit=2'] as const).map(
		(query): Refused => ({
			name: `a list with ${query}`,
			call: list(query),
			status: 400,
			kind: 'invalid-input',
			fields: ['limit']
		})
	),
	{
		name: 'an order that is none',
		call: list('order=colour:desc'),
		status: 400,
		kind: 'invalid-input',
		fields: ['order']
	},
	{
		name: 'a query key that is none',
		call: list('page=2'),
		status: 400,
		kind: 'invalid-input'
	},
	{
		name: 'a query key of the audit that is none',
		call: ['GET', '/audit?who=ana'],
		status: 400,
		kind: 'invalid-input'
	},
	{
		name: 'an approval status that is none',
		call: ['GET', '/approvals?status=maybe'],
		status: 400,
		kind: 'invalid-input',
		fields: ['status']
	},
	...(['/runs', '/approvals', '/audit'] as const).map((path): Refused => ({
		name: `a cursor that ${path} did not hand out`,
		call: ['GET', `${path}?cursor=bm90IG91cnM`],
		status: 400,
		kind: 'invalid-input'
	})),
	{
		name: 'events after what is no number',
		call: ['GET', '/runs/REFUND/waiting/events?after=yesterday'],
		status: 400,
		kind: 'invalid-input',
		fields: ['after']
	},
	{
		name: 'a method that the path does not have',
		call: ['PUT', '/runs', {}],
		status: 405,
		kind: 'method-not-allowed'
	},
	...['/trains', '/runs/REFUND', '/runs/REFUND/waiting/explode', '/runs//waiting'].map(
		(path): Refused => ({
			name: `the unknown path ${path}`,
			call: ['GET', path],
			status: 404,
			kind: 'not-found'
		})
	),
	...[
		'/runs/REFUND/%ff',
		'/runs/REFUND/a%00b',
		'/runs/REFUND/%',
		'/approvals/%C3%28',
		'/%E0%A4%A'
	].map((path): Refused => ({
		name: `the malformed path ${path}`,
		call: ['GET', path],
		status: 400,
		kind: 'malformed-url'
	})),
	...['a%2Fb', '%2e%2e%2fadmin', 'x'.repeat(101)].map((id): Refused => ({
		name: `a run with the id ${id.slice(0, 20)}`,
		call: ['GET', `/runs/REFUND/${id}`],
		status: 400,
		kind: 'invalid-input',
		fields: ['id']
	})),
	{
		name: 'a path that is too long',
		call: ['POST', `/approvals/${'x'.repeat(4_100)}/claim`],
		status: 414,
		kind: 'url-too-long'
	},
	{
		name: 'a body that is nested too deeply',
		call: start(`{"workflow":"REFUND","params":${'['.repeat(20_000)}${']'.repeat(20_000)}}`),
		status: 400,
		kind: 'invalid-input'
	},
	{
		name: 'a dry run that is neither true nor false',
		call: ['POST', '/purges', { criteria: { q: '*' }, dryRun: 'yes' }],
		status: 400,
		kind: 'invalid-input',
		fields: ['dryRun']
	},
	{
		name: 'a key that a purge does not have',
		call: ['POST', '/purges', { criteria: { q: '*' }, dryrun: true }],
		status: 400,
		kind: 'invalid-input'
	},
	{
		name: 'a bulk action that is no object',
		call: ['POST', '/bulk-actions', '[1]'],
		status: 400,
		kind: 'invalid-input'
	}
];

describe('what is refused changes nothing', () => {
	test.each(REFUSED)('$name: $status', async ({ call, status, kind, fields }) => {
		const before = await everything();
		const [method, path, body] = call;
		const problem = problemOf(await signalbox.as().call(method, path, body), status, kind);
		expect(problem.title).not.toBe('');
		expect(problem.detail).not.toBe('');
		if (fields) {
			expect(problem.errors?.map((error) => error.path).toSorted()).toEqual(fields);
			for (const field of fields) expect(problem.detail).toContain(field);
		}
		expect(await everything()).toEqual(before);
	});

	test('a decision that does not fit: 400, and the approval still waits', async () => {
		for (const decision of [{}, { approved: 'yes' }, { approved: false, reason: '   ' }, [true]]) {
			problemOf(await signalbox.as().decide(approval, decision), 400, 'invalid-input');
		}
		const rejected = await signalbox.as().decide(approval, { approved: false });
		const { errors } = problemOf(rejected, 400, 'invalid-input');
		expect(errors).toEqual([{ path: 'reason', message: 'a reason is required to reject' }]);
		expect(await signalbox.as().pending(waiting)).toEqual([approval]);
	});

	test('a query that does not parse says where it is wrong', async () => {
		const q = 'workflow:REFUND status:lost amount:>';
		const reply = await signalbox.as().get(`/runs?q=${encodeURIComponent(q)}`);
		const { positions } = problemOf(reply, 400, 'invalid-input');
		expect(positions).toMatchObject([
			{ from: q.indexOf('lost'), to: q.indexOf('lost') + 4 },
			{ from: q.indexOf('>'), to: q.length }
		]);
	});

	test.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
		'a method that the path does not have, %s, says which it has',
		async (method) => {
			const reply = await signalbox.as().call(method, '/runs');
			problemOf(reply, 405, 'method-not-allowed');
			expect(reply.headers.get('allow')).toBe('GET, POST');
		}
	);

	test('a request that is not valid is on record', async () => {
		await signalbox.as('ivan:operator').post('/runs/REFUND/waiting/restart', { from: {} });
		const { body } = await signalbox.as().get('/audit?by=ivan&action=run.restart');
		expect(body).toMatchObject({
			entries: [
				{
					target: 'REFUND/waiting',
					result: 'invalid-input',
					detail: { why: expect.stringContaining('from') }
				}
			]
		});
	});

	test('who may not ask is told so, whatever they send', async () => {
		const otto = signalbox.as('oskar:operator');
		const bad: [string, unknown][] = [
			['/purges', { criteria: {} }],
			['/purges', '{"criteria": '],
			['/purges', { criteria: { q: '*' }, dryRun: 'yes' }],
			['/bulk-actions', { action: 'delete', select: 5 }]
		];
		for (const [path, body] of bad) {
			problemOf(await otto.post(path, body), 403, 'forbidden');
		}
		const { body } = await signalbox.as().get('/audit?by=oskar');
		const { entries } = body as { entries: { result: string }[] }; // as the API describes it
		expect(entries.map(({ result }) => result)).toEqual(bad.map(() => 'forbidden'));
	});

	test('an id that another start is just taking is taken once', async () => {
		const input = { workflow: 'REFUND', params: refund, id: 'contested' };
		const replies = await Promise.all(
			Array.from({ length: 5 }, () => signalbox.as().post('/runs', input))
		);
		expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409]);
	});

	test('a body is read as JSON whatever type a client says it has', async () => {
		for (const type of ['application/x-www-form-urlencoded', 'text/plain']) {
			const reply = await signalbox
				.as()
				.call('POST', '/runs', { workflow: 'NO_SUCH' }, { 'content-type': type });
			problemOf(reply, 404, 'unknown-workflow');
		}
	});
});
