import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	REDACTED,
	Redactor,
	sentJsonSchema,
	toJson,
	valueToJson,
	withoutRedacted
} from '../../../../src/lib/protocol';

const redactor = new Redactor(['iban']);

describe('masking JSON', () => {
	it('masks sensitive keys at any depth, whatever their case and separators', () => {
		expect(
			redactor.mask({
				user: 'ana',
				password: 'p',
				db: { DB_PASSWORD: 'p', 'Access-Token': 't', apiKey: ['a'], IBAN: 5 },
				list: [{ client_secret: { deep: 1 } }]
			})
		).toEqual({
			user: 'ana',
			password: REDACTED,
			db: { DB_PASSWORD: REDACTED, 'Access-Token': REDACTED, apiKey: REDACTED, IBAN: REDACTED },
			list: [{ client_secret: REDACTED }]
		});
	});

	it('leaves what only contains such a word, and null, which says nothing', () => {
		const value = { tokens: 5, passwordless: true, secretary: 'Kim', token: null };
		expect(redactor.mask(value)).toEqual(value);
	});

	it('masks the value of an entry that names its key, and of a map', () => {
		const headers = [
			{ name: 'Set-Cookie', value: 'a=1' },
			{ name: 'Accept', value: 'x' }
		];
		expect(redactor.mask(headers)).toEqual([{ name: 'Set-Cookie', value: REDACTED }, headers[1]]);
		const map = valueToJson(
			new Map<string, unknown>([
				['token', 'two words'],
				['b', [1]]
			])
		);
		expect(redactor.mask(map)).toEqual(
			toJson(
				new Map<string, unknown>([
					['token', REDACTED],
					['b', [1]]
				])
			)
		);
	});

	it('returns the same value where there is nothing to mask', () => {
		const value = { a: [1, { b: 'text: x' }], c: null };
		expect(redactor.mask(value)).toBe(value);
	});

	it('keeps the properties of a form and leaves out their sample values', () => {
		const form = {
			type: 'object',
			required: ['password', 'note'],
			properties: {
				password: { type: 'string', title: 'Password', default: 'hunter2' },
				note: { type: 'string', default: 'token=hunter2', enum: ['a', 'b'] }
			}
		};
		expect(redactor.maskSchema(form)).toEqual({
			type: 'object',
			required: ['password', 'note'],
			properties: {
				password: { type: 'string', title: 'Password' },
				note: { type: 'string', default: `token=${REDACTED}`, enum: ['a', 'b'] }
			}
		});
	});

	it('refuses a value that was copied from where it was masked, and says where', () => {
		const given = { a: [1, `token=${REDACTED}`], b: { c: REDACTED }, d: 'x' };
		const paths = sentJsonSchema.safeParse(given).error?.issues.map(({ path }) => path);
		expect(paths).toEqual([
			['a', 1],
			['b', 'c']
		]);
		expect(withoutRedacted(given)).toEqual({ a: [1, ''], b: {}, d: 'x' });
	});

	it('changes nothing where nothing is sensitive, and nothing the second time', () => {
		fc.assert(
			fc.property(fc.jsonValue(), (value) => {
				const plain = JSON.parse(JSON.stringify(value));
				const once = redactor.mask(plain);
				expect(redactor.mask(once)).toEqual(once);
			})
		);
	});
});

describe('masking a text', () => {
	it.each([
		['login failed: password=hunter2 for ana', `login failed: password=${REDACTED} for ana`],
		['GET /x?token=abc&page=2', `GET /x?token=${REDACTED}&page=2`],
		['{"password":"a b","user":"ana"}', `{"password":"${REDACTED}","user":"ana"}`],
		['Authorization: Bearer abcdef123456', `Authorization: Bearer ${REDACTED}`],
		['sent Bearer abcdef123456 to', `sent Bearer ${REDACTED} to`],
		['api_key: sk-12345, retry', `api_key: ${REDACTED}, retry`],
		['Cookie: a=hunter2; b=hunter2', `Cookie: ${REDACTED}`],
		["Map { 'password' => 'hunter2' }", `Map { 'password' => '${REDACTED}' }`],
		['body was {\\"password\\":\\"hunter2\\"}', `body was {\\"password\\":\\"${REDACTED}\\"}`],
		['cut off: {"password":"hunter2', `cut off: {"password":"${REDACTED}"`],
		['GET https://ana:hunter2@example.com/x', `GET https://${REDACTED}@example.com/x`],
		['iban=DE02120300000000202051', `iban=${REDACTED}`]
	])('%j becomes %j', (text, masked) => {
		const result = redactor.maskText(text);
		expect(result).not.toMatch(/hunter2|abcdef123456|sk-12345|DE0212|=abc/);
		if (!text.startsWith('Authorization')) expect(result).toBe(masked);
	});

	it('leaves ordinary sentences alone', () => {
		for (const text of [
			'the token expired',
			'step: write-ledger failed',
			'a=1, b: 2',
			'Basic authentication failed',
			'no bearer token'
		]) {
			expect(redactor.maskText(text)).toBe(text);
		}
	});

	it('reads a long text of one kind in linear time', () => {
		const text = 'password='.repeat(100_000);
		expect(redactor.maskText(text).length).toBeGreaterThan(0);
	});
});
