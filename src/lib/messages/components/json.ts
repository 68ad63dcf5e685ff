import { translated } from '../locale';
import { formatNumber, plural } from '../plural';

const en = {
	copy: (label: string) => `Copy ${label}`,
	search: (label: string) => `Search ${label}`,
	find: (label: string) => `Find in ${label}`,
	noMatches: 'No matches',
	matches: (current: number, count: number, isExact: boolean) =>
		`${formatNumber(current)} of ${formatNumber(count)}${isExact ? '' : '+'}`,
	previousMatch: 'Previous match',
	nextMatch: 'Next match',
	linesBefore: (lines: number) =>
		`Show ${plural(lines, { one: '# line', other: '# lines' })} above`,
	problem: (title: string, detail: string) => `${title}. ${detail}`,

	items: (items: number) => plural(items, { one: '# item', other: '# items' }),
	keys: (keys: number) => plural(keys, { one: '# key', other: '# keys' }),
	showMore: (left: number) => `Show more (${formatNumber(left)} left)`,
	showAll: (characters: number) =>
		`Show all (${plural(characters, { one: '# more character', other: '# more characters' })})`,
	load: (size: string) => `Load ${size}`,
	loading: (size: string) => `Loading ${size}…`,
	notKept: (size: string) => `Not stored: ${size} exceeds the limit`,

	bytes: (count: number) => `${count} B`,
	kilobytes: (count: string) => `${count} kB`,
	megabytes: (count: string) => `${count} MB`,

	copyError: 'Copy error',
	noErrorMessage: 'The error has no message.',
	stack: 'Stack'
};

export const jsonText = translated({ en });
