// Fields that several workflows' params share. None of them transforms its value: what a form or
// a script sends is what the workflow gets, and checking it again changes nothing.
import { z } from 'zod';
import { parseDuration } from './duration';

/** The error of a field that has to be there: what is missing is not told that it has a wrong type. */
export const required = (otherwise: string) => ({
	error: (issue: { input?: unknown }) => (issue.input === undefined ? 'is required' : otherwise)
});

/** An address that `fetch` can reach. */
export const httpUrl = z.url({
	protocol: /^https?$/,
	error: 'must be an http or https address'
});

/** An ISO 4217 code. */
export const currencyCode = z
	.string(required('must be text'))
	.regex(/^[A-Z]{3}$/, 'must be a currency code of three capitals, such as EUR');

/** A length of time, in words or in milliseconds. */
export function durationBetween(minMs: number, maxMs: number, limits: string) {
	const fits = (durationMs: number | null) =>
		durationMs !== null && durationMs >= minMs && durationMs <= maxMs;
	return z.union(
		[
			z
				.string()
				.refine((text) => parseDuration(text) !== null, 'must be a duration such as "30 seconds"')
				.refine((text) => parseDuration(text) === null || fits(parseDuration(text)), limits),
			z.number().refine(fits, limits)
		],
		{ error: 'must be a duration such as "30 seconds", or milliseconds' }
	);
}
