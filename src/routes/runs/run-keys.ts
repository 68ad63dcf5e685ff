/** What a key does in the list of runs. */
export const RUN_LIST_KEYS = {
	'/': 'search',
	'?': 'keys',
	j: 'next',
	k: 'previous',
	x: 'select',
	X: 'select-range',
	Enter: 'open',
	'.': 'new',
	Escape: 'clear'
} as const;
