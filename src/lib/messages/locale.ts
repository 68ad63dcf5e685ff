/** A language that Signalbox can be shown in. */
export type Locale = 'en';

/** The language of numbers, times and texts. There is one so far. */
export const LOCALE: Locale = 'en';

/**
 * Picks the texts of one area in the current language. The English texts define the shape: a
 * language that lacks a text, or gives it other parameters, does not compile.
 */
export function translated<Texts>(texts: Record<Locale, Texts>): Texts {
	return texts[LOCALE];
}
