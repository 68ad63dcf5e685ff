import { fieldErrorsText } from '../../messages/server/field-errors';
import { z } from 'zod';

/** The body's `dryRun` where it picks between two operations: this one is for `value`. */
export function dryRun<T extends boolean>(value: T) {
	return z.literal(value, fieldErrorsText.trueOrFalse).optional();
}
