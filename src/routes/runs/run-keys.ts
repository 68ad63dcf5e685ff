/** What a key can mean in the list. */
export type KeyMeaning =
	'search' | 'keys' | 'next' | 'before' | 'select' | 'select-range' | 'open' | 'new' | 'clear';

const MEANINGS: Record<string, KeyMeaning> = {
	'/': 'search',
	'?': 'keys',
	j: 'next',
	k: 'before',
	x: 'select',
	X: 'select-range',
	Enter: 'open',
	'.': 'new',
	Escape: 'clear'
};

/** What a press of a key means; null where somebody types, or something else is in front. */
export function keyMeant(event: KeyboardEvent): KeyMeaning | null {
	const { target, key, ctrlKey, metaKey, altKey, isComposing, defaultPrevented } = event;
	if (ctrlKey || metaKey || altKey || isComposing || defaultPrevented) return null;
	const meaning = MEANINGS[key] ?? null;
	if (!(target instanceof Element)) return meaning;
	if (target.closest('textarea, select, [role="dialog"], [role="menu"]')) return null;
	if (target.closest('input:not([type="checkbox"])')) return null;
	// A link or a button that has the focus is what Enter is for.
	return meaning === 'open' && target.closest('a, button') ? null : meaning;
}
