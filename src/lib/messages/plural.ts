import { LOCALE } from './locale';

const rules = new Intl.PluralRules(LOCALE);
const numbers = new Intl.NumberFormat(LOCALE);

/** The forms of a noun that its language needs, each with `#` where the number goes. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** A number with its noun: `plural(2, { one: '# run', other: '# runs' })` is "2 runs". */
export function plural(count: number, forms: PluralForms): string {
	const form = forms[rules.select(count)] ?? forms.other;
	return form.replace('#', numbers.format(count));
}

/** A number with the language's separators: `formatNumber(1234)` is "1,234". */
export function formatNumber(value: number): string {
	return numbers.format(value);
}
