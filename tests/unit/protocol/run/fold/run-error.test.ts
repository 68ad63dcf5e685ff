import { describe, expect, it } from 'vitest';
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
});
