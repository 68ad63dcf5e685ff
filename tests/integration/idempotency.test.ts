// A request with an idempotency key is carried out once, over HTTP and over a page's socket.
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { runPageSchema, runSchema } from '../../src/lib/protocol';
import { EVE, VERA } from './support/people';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();

const gate = (subject: string) => ({ workflow: 'TWO_GATES', params: { subject } });
const keyed = (key: string, path: string, body: unknown, as = EVE) =>
	signalbox.as(as).call('POST', path, body, { 'idempotency-key': key });

async function startedBy(subject: string): Promise<number> {
	const q = encodeURIComponent(`workflow:TWO_GATES subject:${subject}`);
	const { body } = await signalbox.as().get(`/runs?q=${q}`);
	return runPageSchema.parse(body).total;
}

describe('a start', () => {
	test('that is repeated with its key is answered with the first run', async () => {
		const key = randomUUID();
		const subject = `once-${key.slice(0, 8)}`;
		const start = { ...gate('a parcel'), metadata: { subject } };
		const both = await Promise.all([keyed(key, '/runs', start), keyed(key, '/runs', start)]);
		const third = await keyed(key, '/runs', start);
		const ids = [...both, third].map(({ status, body }) => {
			expect(status).toBe(201);
			return runSchema.parse(body).id;
		});
		expect(new Set(ids).size).toBe(1);
		expect(await startedBy(subject)).toBe(1);
		const socket = await signalbox.connect('operations-agent/main', { as: EVE, sdk: true });
		const request = { type: 'run.start', ...start, idempotencyKey: key };
		expect(await socket.rpc('perform', request)).toMatchObject({
			result: { ok: true, value: { id: ids[0] } }
		});
		expect(await startedBy(subject)).toBe(1);
	});

	test('with a used key and another body is refused, and with another key is another run', async () => {
		const key = randomUUID();
		const subject = `two-${key.slice(0, 8)}`;
		const start = { ...gate('a parcel'), metadata: { subject } };
		await keyed(key, '/runs', start);
		const { status, body } = await keyed(key, '/runs', { ...start, ...gate('a letter') });
		expect({ status, body }).toMatchObject({
			status: 422,
			body: { type: 'urn:signalbox:problem:idempotency-key-reused' }
		});
		expect(await startedBy(subject)).toBe(1);
		await keyed(randomUUID(), '/runs', start);
		expect(await startedBy(subject)).toBe(2);
	});

	test('that is refused can be corrected with the same key', async () => {
		const key = randomUUID();
		expect(await keyed(key, '/runs', gate(''))).toMatchObject({ status: 400 });
		expect(await keyed(key, '/runs', gate('a parcel'))).toMatchObject({ status: 201 });
	});

	test('needs its role and a key that can be read', async () => {
		expect(await keyed(randomUUID(), '/runs', gate('a parcel'), VERA)).toMatchObject({
			status: 403
		});
		expect(await keyed('x'.repeat(256), '/runs', gate('a parcel'))).toMatchObject({
			status: 400,
			body: { errors: [{ path: 'Idempotency-Key' }] }
		});
	});
});

test('a decision that is repeated with its key is answered with the first result', async () => {
	const run = await signalbox.as().start(gate('a decision'));
	const { id } = await signalbox.as().approvalOf(run);
	const key = randomUUID();
	const path = `/approvals/${id}/decision`;
	const person = 'ana:approver,viewer';
	const first = await keyed(key, path, { approved: true }, person);
	expect(first).toMatchObject({ status: 200, body: { id, status: 'approved' } });
	const second = await keyed(key, path, { approved: true }, person);
	expect(second).toMatchObject({ status: 200, body: first.body });
	// Without the key it is a second decision.
	expect(await signalbox.as(person).post(path, { approved: true })).toMatchObject({ status: 409 });
	const { body } = await signalbox.as().get(`/audit?target=${id}&action=approval.decide`);
	expect(body).toMatchObject({ entries: [{ result: 'already-decided' }, { result: 'done' }] });
});

test('the description of the API names the header of every change', async () => {
	const { body } = await signalbox.as().get('/openapi.json');
	const header = { name: 'Idempotency-Key', in: 'header' };
	expect(body).toMatchObject({
		paths: {
			'/runs': { post: { parameters: expect.arrayContaining([expect.objectContaining(header)]) } },
			'/approvals/{id}/decision': {
				post: { parameters: expect.arrayContaining([expect.objectContaining(header)]) }
			}
		}
	});
	expect(body).not.toMatchObject({
		paths: {
			'/runs': { get: { parameters: expect.arrayContaining([expect.objectContaining(header)]) } }
		}
	});
});
