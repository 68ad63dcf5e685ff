import { describe, expect, it, test } from 'vitest';
import {
	admits,
	BULK_ACTIONS,
	bulkJobSchema,
	fieldErrors,
	ineligible,
	isEnded,
	reasonWords,
	OPERATIONS,
	requestOf,
	RUN_STATUSES
} from '../../../../src/lib/protocol';

function wrong(input: unknown): Record<string, string> {
	const read = bulkJobSchema.safeParse(input);
	if (read.success) throw new Error('It was taken.');
	return Object.fromEntries(fieldErrors(read.error).map(({ path, message }) => [path, message]));
}

describe('whom a job can do something to', () => {
	it('is the same as for a single command', () => {
		for (const status of RUN_STATUSES) {
			for (const action of BULK_ACTIONS) {
				if (action === 'send-event') continue;
				expect(ineligible(action, status) === null, `${action} ${status}`).toBe(
					admits(status, action)
				);
			}
			expect(ineligible('send-event', status) === null).toBe(!isEnded(status));
		}
	});

	it('says why not', () => {
		expect(ineligible('pause', 'complete')).toBe('ended');
		expect(ineligible('pause', 'paused')).toBe('paused');
		expect(ineligible('resume', 'running')).toBe('not-paused');
		expect(ineligible('resume', 'terminated')).toBe('ended');
		expect(ineligible('restart', 'waitingForPause')).toBe('pausing');
		expect(ineligible('terminate', 'rollingBack')).toBe('rolling-back');
		expect(ineligible('delete', 'running')).toBe('not-ended');
		expect(ineligible('resume', 'unknown')).toBe('lost');
	});

	it('says it in words, of one and of many', () => {
		expect(reasonWords('ended', 1)).toBe('1 has already ended');
		expect(reasonWords('ended', 1200)).toBe('1,200 have already ended');
	});

	it('needs the role of the single command', () => {
		const roles = BULK_ACTIONS.map((action) => OPERATIONS[requestOf(action)].roles.join());
		expect(roles).toEqual(['operator', 'operator', 'operator', 'operator', 'operator', 'admin']);
	});
});

describe('a job as it is asked for', () => {
	test.each([
		{ action: 'pause', select: { q: 'status:running' } },
		{ action: 'delete', select: { runs: [{ workflow: 'REFUND', id: 'r1' }] } },
		{ action: 'restart', select: { q: '*', asOf: 1 } },
		{ action: 'restart', from: { name: 'write-ledger' }, select: { q: '*' } },
		{ action: 'send-event', event: { type: 'paid', payload: { a: 1 } }, select: { q: '*' } }
	])('is taken: %j', (input) => {
		expect(bulkJobSchema.parse(input)).toMatchObject(input);
	});

	test.each([
		[{ action: 'explode', select: { q: '*' } }, 'action', /must be one of pause, .*delete/],
		[{ action: 'pause' }, 'select', /expected object/],
		[{ action: 'pause', select: {} }, 'select', /either "q"/],
		[{ action: 'pause', select: { q: '*', runs: [] } }, 'select', /either "q"/],
		[{ action: 'pause', select: { q: '  ' } }, 'select.q', /"\*" matches every run/],
		[{ action: 'pause', select: { q: 'x'.repeat(2001) } }, 'select.q', /2,000 characters/],
		[{ action: 'pause', select: { runs: [] } }, 'select.runs', /at least one/],
		[
			{ action: 'pause', select: { runs: [{ workflow: 'a b', id: '1' }] } },
			'select.runs.0.workflow',
			/binding/
		],
		[{ action: 'send-event', select: { q: '*' } }, 'event', /expected object/],
		[{ action: 'send-event', event: { type: 'a b' }, select: { q: '*' } }, 'event.type', /letters/],
		[{ action: 'restart', from: {}, select: { q: '*' } }, 'from.name', /expected string/],
		[{ action: 'pause', event: { type: 'x' }, select: { q: '*' } }, '', /"event"/]
	])('is refused, and says where: %j', (input, path, message) => {
		expect(wrong(input)[path]).toMatch(message);
	});

	it('names at most 10,000 runs one by one', () => {
		const runs = Array.from({ length: 10_001 }, (_, n) => ({ workflow: 'REFUND', id: `r${n}` }));
		expect(wrong({ action: 'pause', select: { runs } })['select.runs']).toMatch(/10,000 runs/);
		const job = { action: 'pause', select: { runs: runs.slice(1) } };
		expect(bulkJobSchema.safeParse(job).success).toBe(true);
	});
});
