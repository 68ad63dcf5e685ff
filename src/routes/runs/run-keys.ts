export type ListKeyAction =
	'search' | 'keys' | 'next' | 'previous' | 'select' | 'select-range' | 'open' | 'new' | 'clear';

const ACTIONS: Record<string, ListKeyAction> = {
	'/': 'search',
	'?': 'keys',
	j: 'next',
	k: 'previous',
	x: 'select',
	X: 'select-range',
	Enter: 'open',
	'.': 'new',
	Escape: 'clear'
};

/** The action of a key press; null while the person types or a dialog is open. */
export function keyActionIn(event: KeyboardEvent): ListKeyAction | null {
	const { target, key, ctrlKey, metaKey, altKey, isComposing, defaultPrevented } = event;
	if (ctrlKey || metaKey || altKey || isComposing || defaultPrevented) return null;
	const action = ACTIONS[key] ?? null;
	if (!(target instanceof Element)) return action;
	if (target.closest('textarea, select, [role="dialog"], [role="menu"]')) return null;
	if (target.closest('input:not([type="checkbox"])')) return null;
	// Enter activates a focused link or button.
	return action === 'open' && target.closest('a, button') ? null : action;
}
