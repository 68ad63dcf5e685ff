/** What a key does in the inbox and on an approval's page. */
export type KeyAction =
	| 'approve'
	| 'reject'
	| 'claim'
	| 'undo'
	| 'next'
	| 'previous'
	| 'select'
	| 'open'
	| 'search'
	| 'keys'
	| 'clear';

const KEY_ACTIONS: Record<string, KeyAction> = {
	a: 'approve',
	r: 'reject',
	c: 'claim',
	u: 'undo',
	j: 'next',
	k: 'previous',
	x: 'select',
	Enter: 'open',
	'/': 'search',
	'?': 'keys',
	Escape: 'clear'
};

/** The action of a key press; null while somebody types or a dialog or menu is open. */
export function keyActionOf(event: KeyboardEvent): KeyAction | null {
	const { target, key, ctrlKey, metaKey, altKey, isComposing, defaultPrevented, repeat } = event;
	if (ctrlKey || metaKey || altKey || isComposing || defaultPrevented) return null;
	const action = KEY_ACTIONS[key] ?? null;
	// A key that is held down may move the focus, but must not decide anything.
	if (repeat && action !== 'next' && action !== 'previous') return null;
	if (!(target instanceof Element)) return action;
	if (target.closest('textarea, select, [role="dialog"], [role="menu"]')) return null;
	if (target.closest('input:not([type="checkbox"])')) return null;
	return action === 'open' && target.closest('a, button') ? null : action;
}
