/** What a key can mean in the inbox. */
export type KeyMeaning =
	| 'approve'
	| 'reject'
	| 'claim'
	| 'undo'
	| 'next'
	| 'before'
	| 'select'
	| 'open'
	| 'search'
	| 'keys'
	| 'clear';

const MEANINGS: Record<string, KeyMeaning> = {
	a: 'approve',
	r: 'reject',
	c: 'claim',
	u: 'undo',
	j: 'next',
	k: 'before',
	x: 'select',
	Enter: 'open',
	'/': 'search',
	'?': 'keys',
	Escape: 'clear'
};

/** What a press of a key means; null where somebody types, or something else is in front. */
export function keyMeant(event: KeyboardEvent): KeyMeaning | null {
	const { target, key, ctrlKey, metaKey, altKey, isComposing, defaultPrevented, repeat } = event;
	if (ctrlKey || metaKey || altKey || isComposing || defaultPrevented) return null;
	const meaning = MEANINGS[key] ?? null;
	// A key that is held down moves on; it decides nothing.
	if (repeat && meaning !== 'next' && meaning !== 'before') return null;
	if (!(target instanceof Element)) return meaning;
	if (target.closest('textarea, select, [role="dialog"], [role="menu"]')) return null;
	if (target.closest('input:not([type="checkbox"])')) return null;
	return meaning === 'open' && target.closest('a, button') ? null : meaning;
}
