import type { Shortcuts } from '$lib/components/ui/shortcuts.svelte';

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

/**
 * The action of a key press. A key that is held down moves the focus but does nothing else. No key
 * decides: `a` and `r` lead to the button or the reason, and Enter there decides.
 */
export function keyActionOf(event: KeyboardEvent, shortcuts: Shortcuts): KeyAction | null {
	const action = shortcuts.actionOf(event, KEY_ACTIONS);
	return event.repeat && action !== 'next' && action !== 'previous' ? null : action;
}
