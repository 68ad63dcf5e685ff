import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
	answer,
	answerSchema,
	deletionOf,
	fieldErrors,
	invalid,
	problem,
	ProblemError,
	problemSchema,
	unknownRun,
	unwrapAnswer
} from '../../../../src/lib/protocol';

const schema = z.strictObject({
	amount: z.number().positive('must be more than 0'),
	items: z.array(z.object({ sku: z.string('must be text') }))
});

function errorOf(value: unknown): z.ZodError {
	const { error } = schema.safeParse(value);
	if (!error) throw new Error('it parsed');
	return error;
}

describe('a problem', () => {
	it('is a document with the status and the title of its kind', () => {
		expect(problem('unknown-run', 'There is no run REFUND/x.')).toEqual({
			type: 'urn:signalbox:problem:unknown-run',
			title: 'Run not found',
			status: 404,
			detail: 'There is no run REFUND/x.'
		});
		expect(problem('already-decided', '').status).toBe(409);
		expect(problem('body-too-large', '').status).toBe(413);
		expect(problem('malformed-json', '').status).toBe(400);
	});

	it('carries members of its own and reads as one afterwards', () => {
		const decided = problem('already-decided', 'By ana.', { decision: { by: 'ana', at: 5 } });
		expect(problemSchema.parse(JSON.parse(JSON.stringify(decided)))).toEqual(decided);
		expect(decided['decision']).toEqual({ by: 'ana', at: 5 });
	});
});

describe('what zod finds wrong', () => {
	it('is told field by field, with dotted paths', () => {
		const error = errorOf({ amount: 0, items: [{ sku: 'a' }, { sku: 7 }] });
		expect(fieldErrors(error)).toEqual([
			{ path: 'amount', message: 'must be more than 0' },
			{ path: 'items.1.sku', message: 'must be text' }
		]);
		expect(fieldErrors(error, 'params')[1]?.path).toBe('params.items.1.sku');
	});

	it('becomes a problem that names each field in its detail', () => {
		const found = invalid(errorOf({ amount: 0, items: [] }), 'invalid-params', 'params');
		expect(found).toMatchObject({
			type: 'urn:signalbox:problem:invalid-params',
			status: 400,
			detail: 'params.amount: must be more than 0',
			errors: [{ path: 'params.amount', message: 'must be more than 0' }]
		});
	});

	it('looks into the variant of a union that was meant', () => {
		const source = z.union([
			z.strictObject({ text: z.string() }),
			z.strictObject({ url: z.url('must be an address') })
		]);
		const { error } = z.object({ source }).safeParse({ source: { url: 'nowhere' } });
		expect(error && invalid(error).errors).toEqual([
			{ path: 'source.url', message: 'must be an address' }
		]);
		const unclear = z.object({ source }).safeParse({ source: { file: 'x' } });
		expect(unclear.error && invalid(unclear.error).errors?.map(({ path }) => path)).toEqual([
			'source'
		]);
	});

	it('has no path for what is wrong with the whole', () => {
		expect(invalid(errorOf('text')).errors?.[0]?.path).toBe('');
		expect(invalid(errorOf('text')).detail).not.toMatch(/^:/);
	});
});

describe('an answer', () => {
	const refused = () => {
		throw new ProblemError('wrong-state', 'It is paused.', { runStatus: 'paused' });
	};

	it('is the value of work that went well', async () => {
		expect(await answer(() => 7)).toEqual({ ok: true, value: 7 });
		expect(await answer(async () => 7)).toEqual({ ok: true, value: 7 });
	});

	it('is the problem that the work threw, at once or later', async () => {
		const failed = {
			ok: false,
			problem: { status: 409, detail: 'It is paused.', runStatus: 'paused' }
		};
		expect(await answer(refused)).toMatchObject(failed);
		expect(await answer(async () => refused())).toMatchObject(failed);
	});

	it('lets pass an error that is no problem', async () => {
		const broken = () => {
			throw new TypeError('broken');
		};
		await expect(answer(broken)).rejects.toThrow(TypeError);
	});

	it('gives its value back, or throws the same problem again', async () => {
		expect(unwrapAnswer({ ok: true, value: 7 })).toBe(7);
		const failed = await answer(refused);
		const again = await answer(() => unwrapAnswer(failed));
		expect(again).toEqual(failed);
	});

	it('reads back from the wire', async () => {
		for (const given of [await answer(() => ({ a: 1 })), await answer(refused)]) {
			expect(answerSchema.parse(JSON.parse(JSON.stringify(given)))).toEqual(given);
		}
		expect(answerSchema.safeParse({ ok: false, problem: { title: 'no status' } }).success).toBe(
			false
		);
	});
});

describe('a run that nobody has', () => {
	it('is told from one that somebody deleted, with who and when', () => {
		const at = Date.UTC(2026, 10, 20, 12);
		const gone = problemSchema.parse(unknownRun('REFUND/r-1', { by: 'adam', at }).problem);
		expect(gone).toMatchObject({ status: 404, detail: expect.stringContaining('by adam at 2026') });
		expect(deletionOf(gone)).toEqual({ by: 'adam', at });
		expect(deletionOf(unknownRun('REFUND/r-1', null).problem)).toBeNull();
	});
});
