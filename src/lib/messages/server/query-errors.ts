import { translated } from '../locale';

const lastDay = '<24h (within the last 24 hours)';

const en = {
	tooLong: (most: number, length: number) =>
		`A query can have up to ${most} characters. This one has ${length}.`,
	tooManyTerms: (most: number) => `A query can have up to ${most} terms.`,
	tooManyValues: (most: number) => `A list can have up to ${most} values.`,
	missingKey: 'Enter a key before the colon. To search for this text, put it in quotes.',
	missingMetadataKey: (prefix: string) => `Enter a metadata key after “${prefix}”.`,
	missingValue: (key: string) =>
		`“${key}:” needs a value. Use ${key}:* for any value. To search for this text, put it in quotes.`,
	matchesNothing: '-* matches no run.',
	emptyText: 'Enter the text to search for between the quotes.',
	unclosedQuote: 'This quote is not closed. Add ".',
	trailingBackslash: 'A backslash escapes the next character. Write \\\\ for a backslash.',
	starInside: 'Use * only at the start or the end of a value. Write \\* for the character itself.',
	notOneOf: (value: string, words: string, meant: string | null) =>
		`“${value}” is not a valid value.${meant ? ` Did you mean ${meant}?` : ''} Valid values: ${words}.`,
	agoNeedsDirection: `Add a direction to a relative time, such as ${lastDay} or >7d (more than 7 days ago).`,
	mixedRange: 'Both ends of a range must be of the same kind.',
	emptyRange: 'This range is empty. Write the smaller end first.',
	zoneMissing: (value: string) =>
		`Add a time zone: ${value}Z for UTC, or for example ${value}+02:00.`,
	notATime: (value: string) =>
		`“${value}” is not a time. Use ${lastDay}, >7d (more than 7 days ago), 2026-03-01 or 2026-03-01T09:30Z.`,
	notADuration: (value: string) =>
		`“${value}” is not a duration. Use for example 500ms, 2s, 5m, 3h or 1d.`,
	notANumber: (value: string) => `“${value}” is not a number. Use for example 100, >100 or 10..20.`,
	notComparable: (value: string) =>
		`“${value}” cannot be compared. A metadata range takes numbers or ISO dates.`
};

export const queryErrors = translated({ en });
