import { describe, expect, it } from 'vitest';
import { cutError } from '../../../../../src/lib/protocol/run/cut-error';
import { unwrapError } from '../../../../../src/lib/protocol/run/fold/run-error';

describe('unwrapError', () => {
	const unwrapped = (message: string, name = 'Error') => unwrapError({ name, message });

	it('gives a wrapped error its own name back', () => {
		expect(unwrapped('TypeError: a\nb')).toEqual({ name: 'TypeError', message: 'a\nb' });
		expect(unwrapped('S3Error: denied')).toEqual({ name: 'S3Error', message: 'denied' });
		expect(unwrapped('HTTP_Exception: 502')).toEqual({ name: 'HTTP_Exception', message: '502' });
	});

	it('leaves alone what is no wrapping', () => {
		for (const message of ['no rows', 'Warning: low stock', 'my error: x', 'Error: x', '']) {
			expect(unwrapped(message)).toEqual({ name: 'Error', message });
		}
		expect(unwrapped('TypeError: a', 'WorkflowFatalError')).toEqual({
			name: 'WorkflowFatalError',
			message: 'TypeError: a'
		});
	});

	it('keeps the stack', () => {
		expect(unwrapError({ name: 'Error', message: 'TypeError: a', stack: 'at x' }).stack).toBe(
			'at x'
		);
	});

	it('finds what a step threw that is not to be tried again', () => {
		const fatal = (inner: string) =>
			unwrapped(`Step threw a NonRetryableError with message "${inner}"`, 'WorkflowFatalError');
		expect(fatal('Card stolen')).toEqual({ name: 'NonRetryableError', message: 'Card stolen' });
		expect(fatal('NonRetryableError: Card "x" stolen')).toEqual({
			name: 'NonRetryableError',
			message: 'Card "x" stolen'
		});
	});

	it('keeps the name of an error of any class of two words', () => {
		expect(unwrapped('CardDeclined: no funds')).toEqual({
			name: 'CardDeclined',
			message: 'no funds'
		});
	});
});

describe('cutError', () => {
	it('leaves a short error alone', () => {
		const error = { name: 'Error', message: 'no rows', stack: 'at x' };
		expect(cutError(error, 2_000)).toBe(error);
	});

	it('keeps so many bytes at most, whole characters, and says how long the error is', () => {
		for (const letter of ['x', 'é', '店', '😀']) {
			const message = letter.repeat(900_000 / letter.length);
			const cut = cutError({ name: 'Error', message, stack: message }, 2_000);
			const bytes = new TextEncoder().encode(cut.name + cut.message).byteLength;
			expect(bytes).toBeLessThanOrEqual(2_000);
			expect(bytes).toBeGreaterThan(1_900);
			expect(cut.message).toMatch(/… \(900,000 characters in all\)$/);
			expect(cut.message).not.toContain('\ufffd');
			expect(cut).not.toHaveProperty('stack');
		}
	});

	it('still knows how long the error was when it is cut again', () => {
		const once = cutError({ name: 'Error', message: 'x'.repeat(900_000) }, 16_000);
		expect(cutError(once, 2_000).message).toMatch(/… \(900,000 characters in all\)$/);
	});
});
