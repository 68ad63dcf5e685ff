// Gates that a workflow asks for: who may, with what, how many, how long. Each gate gets one outcome.
import { beforeAll, describe, expect, test } from 'vitest';
import { approvalSchema, type Approval, type AuditEntry, type Run } from '../../src/lib/protocol';
import { eventually } from './support/eventually';
import { ADA, EVE, OTTO, PIA } from './support/people';
import { problemOf, type Reply } from './support/person';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();

const QUINN = 'quinn:approver';
const FAY = 'fay:approver,@finance';
const MIA = 'mia@example.com:approver';

let count = 0;
function start(
	gates: object[],
	{ withForm = false, agent = 'store-agent/berlin' } = {}
): Promise<Run> {
	const id = `gated-${(count += 1)}`;
	return signalbox
		.as('otto:operator')
		.start({ workflow: 'GATED', agent, id, params: { gates, withForm } });
}

async function asked(gate: object, options?: Parameters<typeof start>[1]) {
	const run = await start([gate], options);
	return { run, approval: await signalbox.as().approvalOf(run) };
}

const read = (reply: Reply): Approval => {
	expect(reply.status, JSON.stringify(reply.body)).toBe(200);
	return approvalSchema.parse(reply.body);
};

const approve = (approval: Approval, person: string, more: object = {}) =>
	signalbox.as(person).decide(approval, { approved: true, ...more });

const now = async (approval: Approval) =>
	read(await signalbox.as().get(`/approvals/${approval.id}`));

/** The approval, once `test` holds of it. */
const when = (approval: Approval, holds: (approval: Approval) => boolean) =>
	eventually(() => now(approval), holds);

async function audit(target: string): Promise<AuditEntry[]> {
	const { body } = await signalbox.as(ADA).get(`/audit?target=${target}&limit=100`);
	return (body as { entries: AuditEntry[] }).entries; // as the API describes it
}

describe('a gate', () => {
	test('says what its workflow asked for, and has an event type of its own', async () => {
		const run = await start([{ severity: 'high', timeout: '1 hour', facts: { sum: 7 } }, {}]);
		const first = await signalbox.as().approvalOf(run);
		expect(first).toMatchObject({
			title: 'Gate 1',
			description: 'May **it** pass?',
			facts: { sum: 7 },
			severity: 'high',
			step: 'request-approval',
			requestedBy: 'otto',
			allowRequester: false,
			onTimeout: 'reject',
			expiresAt: first.requestedAt + 3_600_000,
			form: null
		});
		expect(first.eventType).toMatch(/^approval-gate-1-[0-9a-f]{20}$/);
		const event = { type: first.eventType, payload: { outcome: 'approved', decisions: [] } };
		const past = await signalbox.as().post(`/runs/GATED/${run.id}/events`, event);
		expect(problemOf(past, 409, 'wrong-state').detail).toContain('/decision');

		read(await approve(first, PIA));
		const second = await signalbox.as().approvalOf(run, first.id);
		expect(second.eventType).not.toBe(first.eventType);
		read(await approve(second, PIA, { reason: 'fine' }));
		const ended = await signalbox.as().runEnded(run);
		expect(ended.output).toMatchObject({ passed: [{ by: ['pia'] }, { by: ['pia'] }] });
	});

	test('that is rejected ends its run as rejected, with who and why', async () => {
		const { run, approval } = await asked({});
		const reply = await signalbox.as(PIA).decide(approval, { approved: false, reason: 'too much' });
		expect(read(reply)).toMatchObject({ status: 'rejected' });
		expect(await signalbox.as().runEnded(run)).toMatchObject({
			outcome: 'rejected',
			error: { name: 'ApprovalRejectedError', message: 'Rejected by pia: too much' }
		});
	});

	test('comes again after a restart, with an approval of its own', async () => {
		const { run, approval } = await asked({});
		expect((await signalbox.as().post(`/runs/GATED/${run.id}/restart`)).status).toBe(200);
		const again = await signalbox.as().approvalOf(run, approval.id);
		expect(again).toMatchObject({ generation: 2, title: 'Gate 1' });
		problemOf(await approve(approval, PIA), 409, 'not-waiting');
		read(await approve(again, PIA));
		expect(await signalbox.as().runEnded(run)).toMatchObject({ outcome: 'completed' });
	});
});

describe('who may decide', () => {
	test('a role is not enough where the gate names a group or an email', async () => {
		const approvers = { groups: ['finance'], emails: ['mia@example.com'] };
		const { run, approval } = await asked({ approvers, quorum: 2 });
		expect(approval.approvers).toEqual(['mia@example.com', 'group:finance']);
		const refused = problemOf(await approve(approval, PIA), 403, 'forbidden');
		expect(refused.detail).toContain('group:finance');
		problemOf(await approve(approval, 'vic:viewer,@finance'), 403, 'forbidden');
		expect(read(await approve(approval, FAY))).toMatchObject({ status: 'pending' });
		expect(read(await approve(approval, MIA))).toMatchObject({ status: 'approved' });
		expect(await signalbox.as().runEnded(run)).toMatchObject({
			output: { passed: [{ by: ['fay', 'mia@example.com'] }] }
		});
		expect(await audit(approval.id)).toContainEqual(
			expect.objectContaining({ by: 'pia', action: 'approval.decide', result: 'forbidden' })
		);
	});

	test('nobody by a display name, and one mailbox once, however it is spelled', async () => {
		const approvers = { groups: ['finance'], emails: ['mia@example.com'], roles: ['admin'] };
		const { approval } = await asked({ approvers, quorum: 2 });
		for (const name of ['group:finance', 'admin', 'role:admin', 'email:mia@example.com']) {
			problemOf(await approve(approval, `${name}:approver`), 403, 'forbidden');
		}
		const listed = `/approvals?assignee=for-me&status=pending&limit=100`;
		const idsFor = async (person: string) =>
			((await signalbox.as(person).get(listed)).body as { approvals: Approval[] }).approvals.map(
				({ id }) => id // as the API describes it
			);
		expect(await idsFor('group:finance:approver')).not.toContain(approval.id);
		expect(await idsFor('Mia@Example.com:approver')).toContain(approval.id);
		const first = read(await approve(approval, 'Mia@Example.com:approver'));
		expect(first.decisions[0]).toMatchObject({ by: 'Mia@Example.com', subject: 'mia@example.com' });
		problemOf(await approve(approval, 'mia@example.COM:approver'), 409, 'already-decided');
		expect(await idsFor('MIA@example.com:approver')).not.toContain(approval.id);
		expect(await audit(approval.id)).toContainEqual(
			expect.objectContaining({ by: 'Mia@Example.com', subject: 'mia@example.com' })
		);
	});

	test('not who asked for it, unless the gate says so', async () => {
		const { approval } = await asked({});
		const otto = 'otto:operator,approver';
		problemOf(await approve(approval, otto), 403, 'self-approval');
		expect(await now(approval)).toMatchObject({ status: 'pending', decisions: [] });

		const named = await asked({ requestedBy: 'pia' });
		problemOf(await approve(named.approval, PIA), 403, 'self-approval');
		read(await approve(named.approval, otto));

		const allowed = await asked({ allowRequester: true });
		read(await approve(allowed.approval, otto));
	});

	test('two different people where two must, however often one presses', async () => {
		const { run, approval } = await asked({ quorum: 2 });
		expect(read(await approve(approval, PIA))).toMatchObject({ status: 'pending' });
		const twice = problemOf(await approve(approval, PIA), 409, 'already-decided');
		expect(twice.detail).toContain('1 more');
		expect((await signalbox.as().run(run)).status).toBe('waiting');
		const replies = await Promise.all([approve(approval, QUINN), approve(approval, FAY)]);
		expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 409]);
		const decided = await now(approval);
		expect(decided.decisions).toHaveLength(2);
		expect(decided).toMatchObject({ status: 'approved' });
		await signalbox.as().runEnded(run);
	});

	test('one who rejects ends it, whatever the quorum', async () => {
		const { run, approval } = await asked({ quorum: 3 });
		read(await approve(approval, PIA));
		const reply = await signalbox.as(QUINN).decide(approval, { approved: false, reason: 'no' });
		expect(read(reply)).toMatchObject({ status: 'rejected' });
		expect(await signalbox.as().runEnded(run)).toMatchObject({ outcome: 'rejected' });
	});

	test('not on a run that has ended', async () => {
		const { run, approval } = await asked({});
		await signalbox.as().post(`/runs/GATED/${run.id}/terminate`);
		problemOf(await approve(approval, PIA), 409, 'not-waiting');
		expect(await audit(approval.id)).toContainEqual(
			expect.objectContaining({ by: 'pia', result: 'not-waiting' })
		);
	});
});

describe('a form', () => {
	test('refuses data that does not fit, field by field, and the run waits on', async () => {
		const { run, approval } = await asked({ initial: { amount: 5 } }, { withForm: true });
		expect(approval).toMatchObject({
			initial: { amount: 5 },
			form: { type: 'object', required: ['amount'] }
		});
		for (const data of [undefined, { amount: 'much' }, { amount: 1000 }, { amount: 5, extra: 1 }]) {
			const refused = problemOf(await approve(approval, PIA, { data }), 400, 'invalid-data');
			expect(refused.errors?.[0]?.path).toMatch(/^data/);
		}
		const large = { amount: 5, note: 'x'.repeat(70_000) };
		problemOf(await approve(approval, PIA, { data: large }), 413, 'body-too-large');
		const huge = { amount: 5, note: 'x'.repeat(1_100_000) };
		problemOf(await approve(approval, PIA, { data: huge }), 413, 'body-too-large');
		expect(await now(approval)).toMatchObject({ status: 'pending', decisions: [] });
		const results = (await audit(approval.id)).map(({ result }) => result);
		expect(results.filter((result) => result === 'invalid-data')).toHaveLength(4);
		expect(results.filter((result) => result === 'body-too-large')).toHaveLength(2);

		read(await approve(approval, PIA, { data: { amount: 7 } }));
		expect(await signalbox.as().runEnded(run)).toMatchObject({
			output: { passed: [{ data: [{ amount: 7, note: 'none' }] }] }
		});
	});

	test('that checks more than its schema says is asked again, and says why', async () => {
		const { run, approval } = await asked({}, { withForm: true });
		read(await approve(approval, PIA, { data: { amount: 7, note: 'nonsense' } }));
		const again = await signalbox.as().approvalOf(run, approval.id);
		expect(again.description).toContain('must make sense');
		read(await approve(again, PIA, { data: { amount: 7, note: 'sense' } }));
		expect(await signalbox.as().runEnded(run)).toMatchObject({ outcome: 'completed' });
	});

	test('is not asked of who rejects', async () => {
		const { approval } = await asked({}, { withForm: true });
		const reply = await signalbox.as(PIA).decide(approval, { approved: false, reason: 'no' });
		expect(read(reply)).toMatchObject({ status: 'rejected' });
	});
});

describe('a decision that is held back', () => {
	test('is undone by who took it, and the run waits on', async () => {
		const { run, approval } = await asked({});
		const held = read(await approve(approval, PIA, { undoMs: 60_000 }));
		expect(held.status).toBe('approved');
		expect(held.deliverAt).toBe((held.decidedAt ?? 0) + 60_000);
		problemOf(await approve(approval, QUINN), 409, 'already-decided');
		problemOf(await signalbox.as(QUINN).post(`/approvals/${approval.id}/undo`), 403, 'forbidden');
		const open = read(await signalbox.as(PIA).post(`/approvals/${approval.id}/undo`));
		expect(open).toMatchObject({ status: 'pending', deliverAt: null, decidedAt: null });
		expect(open.decisions).toMatchObject([{ by: 'pia', undone: { by: 'pia' } }]);
		expect((await signalbox.as().run(run)).status).toBe('waiting');

		const late = read(await signalbox.as(PIA).decide(approval, { approved: false, reason: 'no' }));
		expect(late).toMatchObject({ status: 'rejected', deliverAt: null });
		expect(await signalbox.as().runEnded(run)).toMatchObject({ outcome: 'rejected' });
		problemOf(await signalbox.as(PIA).post(`/approvals/${approval.id}/undo`), 409, 'wrong-state');
		expect((await audit(approval.id)).map(({ action }) => action)).toContain('approval.undo');
	});

	test('goes out by itself, also when its Agent crashed meanwhile', async () => {
		const { run, approval } = await asked({}, { agent: 'store-agent/holding' });
		const held = read(await approve(approval, PIA, { undoMs: 3_000 }));
		await signalbox.crash('holding');
		const after = await now(approval);
		// On a slow machine the time may be over already.
		if (Date.now() < (held.deliverAt ?? 0)) expect(after.deliverAt).toBe(held.deliverAt);
		await signalbox.as().runWhen(run, ({ step }) => step === 'pass-gate');
		const { events } = await signalbox.as().events(run);
		const passed = events.filter(({ type }) => type === 'wait_completed');
		expect(passed).toHaveLength(1);
		expect(passed[0]?.timestamp).toBeGreaterThanOrEqual(held.deliverAt ?? Infinity);
		expect(await when(approval, ({ deliverAt }) => deliverAt === null)).toMatchObject({
			status: 'approved'
		});
	});

	test('goes out at once when who took it says so', async () => {
		const { run, approval } = await asked({ quorum: 2 });
		read(await approve(approval, QUINN, { undoMs: 60_000 }));
		read(await approve(approval, PIA, { undoMs: 60_000 }));
		problemOf(
			await signalbox.as(FAY).post(`/approvals/${approval.id}/deliver-now`),
			403,
			'forbidden'
		);
		const sent = read(await signalbox.as(PIA).post(`/approvals/${approval.id}/deliver-now`));
		expect(sent).toMatchObject({ status: 'approved', deliverAt: null });
		expect(await signalbox.as().runEnded(run)).toMatchObject({ outcome: 'completed' });
	});

	test('is cancelled with its run', async () => {
		const { run, approval } = await asked({});
		read(await approve(approval, PIA, { undoMs: 60_000 }));
		await signalbox.as().post(`/runs/GATED/${run.id}/terminate`);
		const cancelled = await when(approval, ({ status }) => status === 'cancelled');
		expect(cancelled).toMatchObject({ deliverAt: null, decisions: [{ by: 'pia' }] });
	});
});

// Longer than a busy machine takes to see the approval and to decide it.
const SHORT_MS = 6_000;

describe('a deadline', () => {
	test.each([
		['reject', 'rejected', 'rejected'],
		['approve', 'approved', 'completed'],
		['fail', 'expired', 'expired']
	])('%s: the approval is %s, the run ends as %s', async (onTimeout, status, outcome) => {
		const { run, approval } = await asked({ timeout: SHORT_MS, onTimeout });
		const ended = await signalbox.as().runEnded(run);
		expect(ended.outcome).toBe(outcome);
		expect(ended.finishedAt).toBeGreaterThanOrEqual(approval.expiresAt ?? Infinity);
		const over = await now(approval);
		expect(over).toMatchObject({ status, decidedAt: approval.expiresAt });
		if (status !== 'expired') {
			expect(over.decisions).toMatchObject([{ by: 'signalbox', from: { via: 'deadline' } }]);
		}
		problemOf(await approve(approval, PIA), 409, 'not-waiting');
		expect(await audit(approval.id)).toContainEqual(
			expect.objectContaining({ action: 'approval.expire', by: 'agent:store-agent/berlin' })
		);
	});

	test('that passed while its Agent was away is kept, and who is late is refused', async () => {
		const { run, approval } = await asked({ timeout: SHORT_MS }, { agent: 'store-agent/away' });
		await signalbox.crash('away');
		await eventually(
			() => Date.now(),
			(at) => at > (approval.expiresAt ?? Infinity)
		);
		problemOf(await approve(approval, PIA), 409, 'not-waiting');
		expect(await signalbox.as().runEnded(run)).toMatchObject({ outcome: 'rejected' });
		expect((await now(approval)).decisions).toMatchObject([{ by: 'signalbox' }]);
	});

	test('does not end what was decided in time and is held', async () => {
		const { run, approval } = await asked({ timeout: SHORT_MS });
		read(await approve(approval, PIA, { undoMs: SHORT_MS + 500 }));
		expect(await signalbox.as().runEnded(run)).toMatchObject({ outcome: 'completed' });
	});

	test('ends at once what is undone after it', async () => {
		const { run, approval } = await asked({ timeout: SHORT_MS });
		read(await approve(approval, PIA, { undoMs: 60_000 }));
		await eventually(
			() => Date.now(),
			(at) => at > (approval.expiresAt ?? Infinity)
		);
		const undone = read(await signalbox.as(PIA).post(`/approvals/${approval.id}/undo`));
		expect(undone).toMatchObject({ status: 'rejected', deliverAt: null });
		expect(await signalbox.as().runEnded(run)).toMatchObject({ outcome: 'rejected' });
	});

	test('of escalation lets more people decide', async () => {
		const gate = { approvers: { groups: ['board'] }, escalateAfter: SHORT_MS };
		const { run, approval } = await asked({ ...gate, escalateTo: { groups: ['finance'] } });
		problemOf(await approve(approval, FAY), 403, 'forbidden');
		const wider = await when(approval, ({ escalatedAt }) => escalatedAt !== null);
		expect(wider.approvers).toEqual(['group:board', 'group:finance']);
		expect(wider.escalatedAt).toBeGreaterThanOrEqual(approval.requestedAt + SHORT_MS);
		expect((await audit(approval.id)).map(({ action }) => action)).toEqual([
			'approval.escalate',
			'approval.decide'
		]);
		read(await approve(approval, FAY));
		expect(await signalbox.as().runEnded(run)).toMatchObject({ outcome: 'completed' });
	});
});

describe('a claim', () => {
	const act = (approval: Approval, verb: string, person: string, body: object = {}) =>
		signalbox.as(person).post(`/approvals/${approval.id}/${verb}`, body);

	test('keeps others from deciding until it is given up', async () => {
		const { approval } = await asked({});
		expect(read(await act(approval, 'claim', PIA))).toMatchObject({ claimedBy: 'pia' });
		const others = problemOf(await approve(approval, QUINN), 409, 'claimed');
		expect(others.detail).toContain('pia');
		problemOf(await act(approval, 'claim', QUINN), 409, 'claimed');
		problemOf(await act(approval, 'release', QUINN), 409, 'claimed');
		expect(read(await act(approval, 'release', PIA))).toMatchObject({ claimedBy: null });
		read(await approve(approval, QUINN));
	});

	test('is handed over, by who has it or by an admin', async () => {
		const { approval } = await asked({});
		read(await act(approval, 'claim', PIA));
		expect(read(await act(approval, 'hand-over', PIA, { to: 'quinn' }))).toMatchObject({
			claimedBy: 'quinn'
		});
		problemOf(await act(approval, 'hand-over', PIA, { to: 'pia' }), 409, 'claimed');
		expect(read(await act(approval, 'hand-over', ADA, { to: 'fay' }))).toMatchObject({
			claimedBy: 'fay'
		});
		expect(read(await act(approval, 'release', ADA))).toMatchObject({ claimedBy: null });
		expect((await audit(approval.id)).map(({ action, by }) => `${by} ${action}`)).toEqual([
			'ada approval.release',
			'ada approval.hand-over',
			'pia approval.hand-over',
			'pia approval.hand-over',
			'pia approval.claim'
		]);
	});

	test('is not for who may not decide', async () => {
		const { approval } = await asked({ approvers: { groups: ['finance'] } });
		problemOf(await act(approval, 'claim', PIA), 403, 'forbidden');
		problemOf(await act(approval, 'claim', OTTO), 403, 'forbidden');
	});
});

describe('on record', () => {
	test('is who decided what, from where and on what, and it outlives the run', async () => {
		const { run, approval } = await asked({}, { withForm: true });
		const reply = await signalbox
			.as(PIA)
			.call(
				'POST',
				`/approvals/${approval.id}/decision`,
				{ approved: true, reason: 'fine', data: { amount: 3 } },
				{ 'user-agent': 'a test' }
			);
		expect(read(reply).decisions).toMatchObject([
			{
				by: 'pia',
				data: { amount: 3 },
				from: { via: 'api', userAgent: 'a test' },
				seen: expect.stringMatching(/^sha256:[0-9a-f]{64}$/)
			}
		]);
		await signalbox.as().runEnded(run);
		expect((await signalbox.as(ADA).delete(`/runs/GATED/${run.id}`)).status).toBe(204);
		problemOf(await signalbox.as().get(`/approvals/${approval.id}`), 404, 'unknown-approval');
		const [entry] = await audit(approval.id);
		expect(entry).toMatchObject({
			by: 'pia',
			result: 'done',
			detail: {
				decision: { approved: true, reason: 'fine', data: { amount: 3 } },
				from: { via: 'api', userAgent: 'a test' },
				approval: { runId: run.id, title: 'Gate 1', facts: { gate: 1 } }
			}
		});
	});

	test('is a decision that could not be read', async () => {
		const { approval } = await asked({});
		problemOf(await signalbox.as(PIA).decide(approval, { approved: false }), 400, 'invalid-input');
		const [entry] = await audit(approval.id);
		expect(entry).toMatchObject({ by: 'pia', action: 'approval.decide', result: 'invalid-input' });
	});
});

describe('many at once', () => {
	test('are decided one by one, and each has its result', async () => {
		const gates = await Promise.all([asked({}), asked({ requestedBy: 'pia' }), asked({})]);
		const ids = gates.map(({ approval }) => approval.id);
		const reply = await signalbox
			.as(PIA)
			.post('/approvals/decisions', { ids: [...ids, 'ap_unknown1'], decision: { approved: true } });
		expect(reply.status, JSON.stringify(reply.body)).toBe(200);
		expect(reply.body).toMatchObject({
			results: [
				{ id: ids[0], ok: true, approval: { status: 'approved' } },
				{ id: ids[1], ok: false, problem: { type: 'urn:signalbox:problem:self-approval' } },
				{ id: ids[2], ok: true, approval: { status: 'approved' } },
				{ id: 'ap_unknown1', ok: false, problem: { status: 404 } }
			]
		});
		const [first] = gates;
		expect((await audit(first?.approval.id ?? '')).map(({ action }) => action)).toEqual([
			'approval.decide'
		]);
	});
});

describe('the inbox', () => {
	let soon: Approval;
	let later: Approval;
	let board: Approval;
	const list = async (query: string, person = PIA) => {
		const reply = await signalbox.as(person).get(`/approvals?${query}`);
		expect(reply.status, JSON.stringify(reply.body)).toBe(200);
		const page = reply.body as { approvals: Approval[]; total: number; nextCursor: string | null };
		return { ...page, ids: page.approvals.map(({ id }) => id) };
	};

	beforeAll(async () => {
		const agent = 'store-agent/inbox';
		const only = { facts: { inbox: true } };
		later = (await asked({ ...only, timeout: '2 days', description: 'Quokka' }, { agent }))
			.approval;
		soon = (
			await asked(
				{ ...only, timeout: '1 day', severity: 'critical', description: 'Quokka' },
				{ agent }
			)
		).approval;
		board = (
			await asked({ ...only, approvers: { groups: ['board'] }, description: 'Quokka' }, { agent })
		).approval;
	});

	test('is by deadline first, in pages, and counts all', async () => {
		const all = await list('status=pending&q=quokka');
		expect(all.ids).toEqual([soon.id, later.id, board.id]);
		const first = await list('status=pending&q=quokka&limit=2');
		expect(first).toMatchObject({ ids: [soon.id, later.id], total: 3 });
		const next = await list(`status=pending&q=quokka&limit=2&cursor=${first.nextCursor}`);
		expect(next).toMatchObject({ ids: [board.id], total: 3, nextCursor: null });
	});

	test('takes the query language of runs: words of the request, all else of its run', async () => {
		const find = (q: string) => list(`status=pending&q=${encodeURIComponent(q)}`);
		expect((await find('quokka agent:store-agent/inbox status:waiting')).total).toBe(3);
		expect((await find(`quokka id:${soon.runId}`)).ids).toEqual([soon.id]);
		expect((await find(`quokka -id:${soon.runId}`)).total).toBe(2);
		expect((await find('-quokka agent:store-agent/inbox')).total).toBe(0);
		expect((await find('quokka region:nowhere')).total).toBe(0);
		const wrong = await signalbox.as(PIA).get('/approvals?q=quokka%20status:lost');
		expect(wrong.status).toBe(400);
		expect(wrong.body).toMatchObject({ positions: [{ from: 14, to: 18 }] });
	});

	test('is filtered by severity, group, claim, and what one can decide oneself', async () => {
		expect((await list('q=quokka&severity=high,critical')).ids).toEqual([soon.id]);
		expect((await list('q=quokka&assignee=group', 'bo:approver,@board')).ids).toEqual([board.id]);
		read(await signalbox.as(QUINN).post(`/approvals/${later.id}/claim`));
		expect((await list('q=quokka&assignee=mine', QUINN)).ids).toEqual([later.id]);
		expect((await list('q=quokka&assignee=mine')).ids).toEqual([]);
		expect((await list('status=pending&q=quokka&assignee=unassigned')).ids).toEqual([
			soon.id,
			board.id
		]);
		expect((await list('q=quokka&assignee=for-me')).ids).toEqual([soon.id]);
		expect((await list('status=pending&q=quokka&assignee=for-me', QUINN)).ids).toEqual([
			soon.id,
			later.id
		]);
		expect((await list('q=quokka&assignee=for-me', 'otto:operator,approver')).ids).toEqual([]);
		expect((await list('q=quokka&assignee=for-me', OTTO)).ids).toEqual([]);
	});

	test('pages what was decided, the last first', async () => {
		const done = await list('status=approved,rejected&order=decided&limit=3', EVE);
		const at = done.approvals.map(({ decidedAt }) => decidedAt ?? 0);
		expect(at).toEqual(at.toSorted((a, b) => b - a));
		const next = await list(
			`status=approved,rejected&order=decided&limit=3&cursor=${done.nextCursor}`,
			EVE
		);
		expect(done.ids.filter((id) => next.ids.includes(id))).toEqual([]);
		expect(next.total).toBe(done.total);
	});

	test('has figures', async () => {
		const { body } = await signalbox.as().get('/approvals/figures?workflow=GATED');
		expect(body).toMatchObject({
			pending: { oldestAt: expect.any(Number) },
			byWorkflow: [{ workflow: 'GATED', p50Ms: expect.any(Number), p95Ms: expect.any(Number) }]
		});
		const { byApprover, byWorkflow } = body as {
			byApprover: { by: string; approved: number }[];
			byWorkflow: { expired: number }[];
		}; // as the API describes it
		expect(byApprover.find(({ by }) => by === 'pia')?.approved).toBeGreaterThan(3);
		expect(byApprover.map(({ by }) => by)).not.toContain('signalbox');
		expect(byWorkflow[0]?.expired).toBeGreaterThanOrEqual(3);
	});
});
