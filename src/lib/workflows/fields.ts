// Fields shared by the params of several workflows. None of them transforms its value: the workflow
// gets what the form or script sent, and validating it again changes nothing.
import { fieldErrorsText } from '../messages/server/field-errors';
import { z } from 'zod';
import { toMs } from './duration';

/** Errors of a required field: a missing value gets its own message, not that of a wrong type. */
export const required = (otherwise: string) => ({
	error: (issue: { input?: unknown }) => (issue.input === undefined ? 'is required' : otherwise)
});

/** An address for `fetch`. */
export const httpUrl = z.url({
	protocol: /^https?$/,
	error: fieldErrorsText.httpUrl
});

/** An ISO 4217 code. */
export const currencyCode = z
	.string(required('must be text'))
	.regex(/^[A-Z]{3}$/, fieldErrorsText.currency);

/** A duration in words or in milliseconds. */
export function durationBetween(minMs: number, maxMs: number, limits: string) {
	const fits = (durationMs: number | null) =>
		durationMs !== null && durationMs >= minMs && durationMs <= maxMs;
	return z.union(
		[
			z
				.string()
				.refine((text) => toMs(text) !== null, fieldErrorsText.duration)
				.refine((text) => toMs(text) === null || fits(toMs(text)), limits),
			z.number().refine(fits, limits)
		],
		{ error: fieldErrorsText.durationOrMs }
	);
}
