// Ways around a rule that its own test does not go: another encoding, another answer, another stream.
import { beforeAll, describe, expect, test } from 'vitest';
import { auditEntrySchema, type AuditEntry, type Run } from '../../src/lib/protocol';
import { eventually } from './support/eventually';
import { ADA, EVE, OTTO, VERA } from './support/people';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();
const OPERATIONS = 'operations-agent/main';

async function entries(filter: Record<string, string>): Promise<AuditEntry[]> {
	const { status, body } = await signalbox.as(ADA).get(`/audit?${new URLSearchParams(filter)}`);
	expect(status, JSON.stringify(body)).toBe(200);
	return (body as { entries: unknown[] }).entries.map((entry) => auditEntrySchema.parse(entry)); // the contract's
}

const found = (filter: Record<string, string>) =>
	eventually(
		() => entries(filter),
		(all) => all.length > 0
	);

describe('somebody with a limited role', () => {
	const ARLO = 'arlo:operator:AISLE_COUNT';
	const HIDDEN = 'zzparent';
	let child: Run;

	beforeAll(async () => {
		await signalbox.as(EVE).start({
			...{ workflow: 'STOCK_COUNT', id: HIDDEN, agent: 'store-agent/perth' },
			params: { aisles: ['aisle-1'] }
		});
		await signalbox.as(EVE).runEnded({ workflow: 'STOCK_COUNT', id: HIDDEN });
		child = await signalbox.as(EVE).runEnded({ workflow: 'AISLE_COUNT', id: `${HIDDEN}_aisle-1` });
		expect(child.parent).toEqual({ workflow: 'STOCK_COUNT', id: HIDDEN });
	});

	test('is told no hidden parent by the answer to a change either', async () => {
		const path = `/runs/AISLE_COUNT/${child.id}`;
		for (const [method, way, body] of [
			['PUT', '/pin'],
			['DELETE', '/pin'],
			['POST', '/restart', {}]
		] as const) {
			const { status, body: run } = await signalbox.as(ARLO).call(method, `${path}${way}`, body);
			expect(status, JSON.stringify(run)).toBe(200);
			expect(run, `${method} ${way}`).toMatchObject({ id: child.id, parent: null });
		}
	});

	test('is shown no similar run of another Agent', async () => {
		const run = await signalbox.as(EVE).start({
			...{ workflow: 'AISLE_COUNT', id: 'in-oslo', agent: 'store-agent/oslo/sub/aisle-agent/1' },
			params: { aisle: '1' }
		});
		const around = async (person: string) =>
			JSON.stringify((await signalbox.as(person).get(`/runs/AISLE_COUNT/${run.id}/around`)).body);
		expect(await around(EVE)).toContain(HIDDEN);
		const seen = await around('olaf:viewer:store-agent/oslo');
		expect(seen).toContain('"similar"');
		expect(seen).not.toContain(HIDDEN);
	});

	test('does not learn from the id alone which workflow a hidden run is of', async () => {
		const socket = await signalbox.connect(OPERATIONS, { as: ARLO });
		const answerTo = async (id: string) => {
			socket.send({ type: 'status', id });
			const { json } = await socket.ofType('error');
			return JSON.stringify(json['problem']).replaceAll(id, '…');
		};
		expect(await answerTo(HIDDEN)).toBe(await answerTo('zznone'));
		await socket.close();
	});
});

describe('the audit', () => {
	test('has a write of the state whose type is written with escapes', async () => {
		const agent = 'store-agent/oslo';
		const escaped = (state: object) =>
			JSON.stringify({ type: 'cf_agent_state', state }).replace('cf_', String.raw`cf\u005f`);
		const operator = await signalbox.connect(agent, { as: OTTO, sdk: true });
		operator.send(escaped({ stock: { units: 3, aisles: 1, run: 'x' } }));
		expect(await found({ action: 'agent.set-state', by: 'otto' })).toMatchObject([
			{ target: agent, result: 'done', after: { stock: { units: 3 } } }
		]);
		await operator.close();
		const viewer = await signalbox.connect('store-agent/berlin', { as: VERA, sdk: true });
		viewer.send(escaped({ stock: null }));
		expect(await found({ action: 'agent.set-state', by: 'vera' })).toMatchObject([
			{ target: 'store-agent/berlin', result: 'forbidden' }
		]);
		await viewer.close();
	});

	test.each(['operations-agent/main', 'store-agent/berlin'])(
		'has a start over HTTP that was refused at %s',
		async (agent) => {
			const who = `vic-${agent.slice(0, 5)}`;
			for (const roles of ['viewer', 'viewer:REFUND', '']) {
				const by = `${who}-${roles.length}`;
				const { status } = await signalbox
					.as(`${by}:${roles}`)
					.fetch(`/agents/${agent}/start`, { method: 'POST', body: '{"workflow":"REFUND"}' });
				expect(status, roles).toBe(403);
				expect(await entries({ by }), roles).toMatchObject([
					{ action: 'run.start', result: 'forbidden', subject: `local:${by}` }
				]);
			}
		}
	);

	test('names the subject of who had a job act on a run', async () => {
		const run = await signalbox.as(EVE).start({
			...{ workflow: 'FOLLOW_UP', id: 'in-a-job' },
			params: { message: 'x', after: '1 hour' }
		});
		const job = { action: 'pause', select: { runs: [{ workflow: 'FOLLOW_UP', id: run.id }] } };
		expect((await signalbox.as(OTTO).post('/bulk-actions', job)).status).toBe(202);
		expect(await found({ action: 'run.pause', text: run.id })).toMatchObject([
			{ by: 'otto', subject: 'local:otto', target: `FOLLOW_UP/${run.id}` }
		]);
	});
});

describe('a stream of events', () => {
	test('ends with the session that opened it', async () => {
		const run = await signalbox.as(EVE).start({
			...{ workflow: 'FOLLOW_UP', id: 'streamed' },
			params: { message: 'x', after: '1 hour' }
		});
		const ulla = signalbox.as(`ulla:viewer,until=${Date.now() + 3_000}`);
		const path = `/api/v1/runs/FOLLOW_UP/${run.id}/events`;
		const stream = await ulla.fetch(path, { headers: { accept: 'text/event-stream' } });
		expect(stream.status).toBe(200);
		expect(await stream.text()).toContain('event: run-event');
	});
});
